#include "daemon/settings.h"

#include "base/mem.h"
#include "base/result.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

/* One key: how its value is read into `field`.  False: the value is wrong. */
typedef bool read_value(gv_settings *settings, void *field, const char *value);

static bool read_text(gv_settings *settings, void *field, const char *value)
{
    char **text = field;

    (void)settings;
    free(*text);
    *text = gv_strdup(value);
    return true;
}

static bool read_number(gv_settings *settings, void *field, const char *value)
{
    unsigned long number;
    char *end;

    (void)settings;
    errno = 0;
    number = strtoul(value, &end, 10);
    *(unsigned *)field = (unsigned)number;
    return errno == 0 && end != value && *end == '\0' && number <= UINT_MAX;
}

/* Of milliseconds or bytes. */
static bool read_amount(gv_settings *settings, void *field, const char *value)
{
    long long number;
    char *end;

    (void)settings;
    errno = 0;
    number = strtoll(value, &end, 10);
    *(int64_t *)field = number;
    return errno == 0 && end != value && *end == '\0' && number >= 0;
}

static bool append(char ***texts, size_t *count, const char *value)
{
    *texts = gv_realloc(*texts, (*count + 1) * sizeof(**texts));
    (*texts)[(*count)++] = gv_strdup(value);
    return true;
}

static bool read_listen(gv_settings *settings, void *field, const char *value)
{
    (void)field;
    return append(&settings->listen, &settings->listen_count, value);
}

static bool read_status_listen(gv_settings *settings, void *field, const char *value)
{
    (void)field;
    return append(&settings->status_listen, &settings->status_listen_count, value);
}

static bool read_router(gv_settings *settings, void *field, const char *value)
{
    (void)field;
    return append(&settings->routers, &settings->router_count, value);
}

static bool read_uid(gv_settings *settings, void *field, const char *value)
{
    settings->identity.has_uid = true;
    return read_number(settings, field, value);
}

static bool read_gid(gv_settings *settings, void *field, const char *value)
{
    settings->identity.has_gid = true;
    return read_number(settings, field, value);
}

static bool read_level(gv_settings *settings, void *field, const char *value)
{
    int level = gv_level_parse(value);

    (void)field;
    settings->log_level = (gv_level)level;
    return level >= 0;
}

_Static_assert(sizeof(uid_t) == sizeof(unsigned) && sizeof(gid_t) == sizeof(unsigned),
               "read_number() reads them");

static const struct {
    const char *name;
    read_value *read;
    size_t field;
} keys[] = {
    {"listen", read_listen, 0},
    {"status_listen", read_status_listen, 0},
    {"router", read_router, 0},
    {"workers", read_number, offsetof(gv_settings, workers)},
    {"backlog", read_number, offsetof(gv_settings, backlog)},
    {"daemon", read_number, offsetof(gv_settings, daemon)},
    {"preload", read_number, offsetof(gv_settings, preload)},
    {"pidfile", read_text, offsetof(gv_settings, pidfile)},
    {"uid", read_uid, offsetof(gv_settings, identity.uid)},
    {"gid", read_gid, offsetof(gv_settings, identity.gid)},
    {"user", read_text, offsetof(gv_settings, identity.name)},
    {"directory", read_text, offsetof(gv_settings, directory)},
    {"graceful", read_amount, offsetof(gv_settings, graceful_ms)},
    {"request", read_amount, offsetof(gv_settings, request_ms)},
    {"start", read_amount, offsetof(gv_settings, start_ms)},
    {"recycle_requests", read_number, offsetof(gv_settings, recycle_requests)},
    {"recycle_memory", read_amount, offsetof(gv_settings, recycle_memory)},
    {"recycle_age", read_amount, offsetof(gv_settings, recycle_age_ms)},
    {"at_once", read_number, offsetof(gv_settings, at_once)},
    {"log_level", read_level, 0},
    {"error_log", read_text, offsetof(gv_settings, error_log)},
    {"access_log", read_text, offsetof(gv_settings, access_log)},
    {"log_json", read_number, offsetof(gv_settings, log_json)},
};

static bool read_line(gv_settings *settings, char *line)
{
    char *value = strchr(line, '=');

    if (value == NULL)
        return false;
    *value++ = '\0';
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].name, line) == 0)
            return keys[i].read(settings, (char *)settings + keys[i].field, value);
    }
    return false;
}

/* Takes one line, without its end, off the front of `rest`; NULL if there is none.
 * The caller frees it. */
static char *take_line(gv_slice *rest)
{
    const char *end = rest->len > 0 ? memchr(rest->at, '\n', rest->len) : NULL;
    char *line;

    if (end == NULL)
        return NULL;
    line = gv_strndup(rest->at, (size_t)(end - rest->at));
    *rest = gv_slice_from(*rest, (size_t)(end - rest->at) + 1);
    return line;
}

static int read_lines(gv_settings *settings, gv_slice *rest, gv_error *error)
{
    char *line;

    while ((line = take_line(rest)) != NULL && *line != '\0') {
        bool good = read_line(settings, line);

        if (!good)
            gv_error_set(error, "the configuration check said something odd: %s", line);
        free(line);
        if (!good)
            return GV_FAILED;
    }
    if (line == NULL)
        return gv_error_set(error, "the configuration check ended before it was done");
    free(line);
    return GV_OK;
}

static int require_all(const gv_settings *settings, gv_error *error)
{
    if (settings->listen_count > 0 && settings->workers > 0 && settings->at_once > 0 &&
        settings->start_ms > 0 && settings->directory && settings->error_log &&
        settings->access_log)
        return GV_OK;
    return gv_error_set(error, "the configuration check left settings out");
}

int gv_settings_parse(gv_settings *settings, gv_slice output, gv_error *error)
{
    *settings = (gv_settings){.log_level = GV_INFO};
    settings->source = gv_strndup(output.at, output.len);
    settings->source_len = output.len;
    output.at = settings->source;
    if (read_lines(settings, &output, error) != GV_OK ||
        require_all(settings, error) != GV_OK) {
        gv_settings_dispose(settings);
        return GV_FAILED;
    }
    settings->snapshot = output.at;
    settings->snapshot_len = output.len;
    return GV_OK;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

/* What could be read once can be read again. */
void gv_settings_copy(gv_settings *copy, const gv_settings *settings)
{
    gv_slice source = {settings->source, settings->source_len};
    gv_error error;

    gv_settings_parse(copy, source, &error);
}

void gv_settings_dispose(gv_settings *settings)
{
    free_texts(settings->listen, settings->listen_count);
    free_texts(settings->status_listen, settings->status_listen_count);
    free_texts(settings->routers, settings->router_count);
    free(settings->pidfile);
    free(settings->directory);
    free(settings->identity.name);
    free(settings->error_log);
    free(settings->access_log);
    free(settings->source);
    *settings = (gv_settings){0};
}
