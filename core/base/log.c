#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/lines.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SELDOM_MS = 60 * 1000 };

static struct {
    int fd;
    gv_level least;
    char name[64];
    unsigned generation;
    bool json;
} state = {STDERR_FILENO, GV_INFO, "guavad", 0, false};

static _Thread_local const gv_slot *own_slot;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void gv_log_set_fd(int fd)
{
    state.fd = fd;
}

int gv_log_fd(void)
{
    return state.fd;
}

void gv_log_set_level(gv_level least)
{
    state.least = least;
}

void gv_log_set_name(const char *name)
{
    snprintf(state.name, sizeof(state.name), "%s", name);
}

void gv_log_set_generation(unsigned generation)
{
    state.generation = generation;
}

void gv_log_set_json(bool json)
{
    state.json = json;
}

void gv_log_set_slot(const gv_slot *slot)
{
    own_slot = slot;
}

int gv_level_parse(const char *name)
{
    for (int level = GV_DEBUG; level <= GV_ERROR; level++) {
        if (strcmp(level_names[level], name) == 0)
            return level;
    }
    return -1;
}

static void append_time(gv_buf *line)
{
    int64_t now = gv_clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm parts;

    localtime_r(&seconds, &parts);
    gv_buf_printf(line, "%04d-%02d-%02d %02d:%02d:%02d.%03d", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                  parts.tm_sec, (int)(now % 1000));
}

static void append_safely(gv_buf *line, gv_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (c == '\n')
            gv_buf_append_literal(line, "\n\t");
        else if ((c < 0x20 && c != '\t') || c == 0x7f)
            gv_buf_printf(line, "\\x%02x", c);
        else
            gv_buf_append(line, &c, 1);
    }
}

static void append_plain(gv_buf *line, gv_level level, gv_slice message)
{
    append_time(line);
    gv_buf_printf(line, " [%s] %s ", level_names[level], state.name);
    if (state.generation > 0)
        gv_buf_printf(line, "(generation %u) ", state.generation);
    gv_buf_printf(line, "%d: ", (int)getpid());
    append_safely(line, message);
}

/* RFC 3339, UTC. */
static void append_json_time(gv_json *json)
{
    int64_t now = gv_clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    char text[48];
    size_t len;
    struct tm parts;

    gmtime_r(&seconds, &parts);
    len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + len, sizeof(text) - len, ".%03dZ", (int)(now % 1000));
    gv_json_text(json, "time", gv_slice_of(text));
}

/* The request that this thread runs. */
static void append_running(gv_json *json)
{
    char name[GV_RUNNING_NAME];
    gv_running running;

    if (own_slot == NULL || !gv_slot_running(own_slot, &running))
        return;
    gv_json_text(json, "request_id", gv_slice_of(gv_running_name(&running, name)));
    gv_json_text(json, "method", gv_slice_of(running.method));
    gv_json_text(json, "path", gv_slice_of(running.path));
}

static void append_fields(gv_json *json, const gv_log_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].text != NULL)
            gv_json_text(json, fields[i].name, gv_slice_of(fields[i].text));
        else
            gv_json_int(json, fields[i].name, fields[i].number);
    }
}

static void append_json(gv_buf *line, gv_level level, gv_slice message,
                        const gv_log_field *fields, size_t count)
{
    gv_json json = {.out = line};

    gv_json_open(&json, NULL, '{');
    append_json_time(&json);
    gv_json_text(&json, "level", gv_slice_of(level_names[level]));
    gv_json_text(&json, "process", gv_slice_of(state.name));
    gv_json_int(&json, "pid", getpid());
    if (state.generation > 0)
        gv_json_uint(&json, "generation", state.generation);
    else
        gv_json_null(&json, "generation");
    gv_json_text(&json, "message", message);
    append_running(&json);
    append_fields(&json, fields, count);
    gv_json_close(&json, '}');
}

static void write_line(gv_level level, const gv_log_field *fields, size_t count,
                       const char *format, va_list args)
{
    gv_buf line = {0}, message = {0};

    if (level < state.least)
        return;
    gv_buf_vprintf(&message, format, args);
    while (message.len > 0 && message.at[message.len - 1] == '\n')
        message.len--;
    if (state.json)
        append_json(&line, level, gv_buf_slice(&message), fields, count);
    else
        append_plain(&line, level, gv_buf_slice(&message));
    gv_buf_append_literal(&line, "\n");
    gv_lines_write(state.fd, gv_buf_slice(&line)); /* nowhere is left to report it */
    gv_buf_dispose(&message);
    gv_buf_dispose(&line);
}

void gv_vlog(gv_level level, const char *format, va_list args)
{
    write_line(level, NULL, 0, format, args);
}

void gv_log_fields(gv_level level, const gv_log_field *fields, size_t count,
                   const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_line(level, fields, count, format, args);
    va_end(args);
}

void gv_log(gv_level level, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    gv_vlog(level, format, args);
    va_end(args);
}

void gv_log_seldom(int64_t *last_ms, gv_level level, const char *format, ...)
{
    int64_t now_ms = gv_clock_monotonic_ms();
    va_list args;

    if (*last_ms != 0 && now_ms - *last_ms < SELDOM_MS)
        return;
    *last_ms = now_ms;
    va_start(args, format);
    gv_vlog(level, format, args);
    va_end(args);
}
