#include "http/access_format.h"

#include "base/mem.h"
#include "base/result.h"
#include "http/escape.h"
#include "http/request_id.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum field {
    CLIENT,
    TIME,
    METHOD,
    TARGET,
    PATH,
    QUERY,
    VERSION,
    STATUS,
    BYTES,
    REFERER,
    USER_AGENT,
    DURATION_US,
    REQUEST_ID,
    HOST,
    SCHEME,
    FIELDS_WITH_NAMES,
    COMBINED_TIME = FIELDS_WITH_NAMES,
    REQUEST_LINE
};

static const char *const names[FIELDS_WITH_NAMES] = {
    [CLIENT] = "client",
    [TIME] = "time",
    [METHOD] = "method",
    [TARGET] = "target",
    [PATH] = "path",
    [QUERY] = "query",
    [VERSION] = "version",
    [STATUS] = "status",
    [BYTES] = "bytes",
    [REFERER] = "referer",
    [USER_AGENT] = "user_agent",
    [DURATION_US] = "duration_us",
    [REQUEST_ID] = "request_id",
    [HOST] = "host",
    [SCHEME] = "scheme",
};

struct part {
    gv_slice before; /* text of the format's own */
    enum field field;
    char stop; /* ends the field in the line; NUL: none but the quote */
};

/* The time in both forms, true for one second. */
struct time_text {
    int64_t second;
    char iso[32];
    char combined[32];
};

struct gv_access_format {
    const struct part *parts;
    size_t count;
    gv_slice after; /* behind the last field */
    bool json;
    struct time_text *time;

    /* of a template; NULL for the built-in formats */
    struct part *own_parts;
    char *own_text; /* that slices in own_parts point into */
};

#define TEXT(literal) {(literal), sizeof(literal) - 1}
#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

static const struct part combined[] = {
    {TEXT(""), CLIENT, '\0'},           {TEXT(" - - ["), COMBINED_TIME, '\0'},
    {TEXT("] \""), REQUEST_LINE, '\0'}, {TEXT("\" "), STATUS, '\0'},
    {TEXT(" "), BYTES, '\0'},           {TEXT(" \""), REFERER, '\0'},
    {TEXT("\" \""), USER_AGENT, '\0'},
};

static const struct part json[] = {
    {TEXT("{\"time\":\""), TIME, '\0'},
    {TEXT("\",\"client\":"), CLIENT, '\0'},
    {TEXT(",\"method\":"), METHOD, '\0'},
    {TEXT(",\"target\":"), TARGET, '\0'},
    {TEXT(",\"version\":"), VERSION, '\0'},
    {TEXT(",\"status\":"), STATUS, '\0'},
    {TEXT(",\"bytes\":"), BYTES, '\0'},
    {TEXT(",\"duration_us\":"), DURATION_US, '\0'},
    {TEXT(",\"request_id\":\""), REQUEST_ID, '\0'},
    {TEXT("\",\"referer\":"), REFERER, '\0'},
    {TEXT(",\"user_agent\":"), USER_AGENT, '\0'},
    {TEXT(",\"host\":"), HOST, '\0'},
    {TEXT(",\"scheme\":"), SCHEME, '\0'},
};

/* The field called that, or FIELDS_WITH_NAMES. */
static enum field field_named(gv_slice name)
{
    enum field field = 0;

    while (field < FIELDS_WITH_NAMES &&
           !gv_slice_equal(gv_slice_of(names[field]), name))
        field++;
    return field;
}

/* A letter or digit ends nothing: it could be part of an escape. */
static char stop_at(char next)
{
    return isalnum((unsigned char)next) || next == '{' ? '\0' : next;
}

/* The field whose name and closing brace stand at `*at`, which is moved behind
 * them; FIELDS_WITH_NAMES where there is none. */
static enum field take_field(const char **at)
{
    const char *name = *at;
    size_t len = strcspn(name, "{}");

    if (name[len] != '}')
        return FIELDS_WITH_NAMES;
    *at = name + len + 1;
    return field_named((gv_slice){name, len});
}

static int compile(gv_access_format *format, const char *template)
{
    const char *at = format->own_text = gv_strdup(template);
    size_t literal;

    format->parts = format->own_parts = gv_calloc(strlen(at), sizeof(struct part));
    while (at[literal = strcspn(at, "{}")] == '{') {
        struct part *part = &format->own_parts[format->count++];

        part->before = (gv_slice){at, literal};
        at += literal + 1;
        part->field = take_field(&at);
        part->stop = stop_at(*at);
        if (part->field == FIELDS_WITH_NAMES)
            return GV_BAD;
    }
    format->after = (gv_slice){at, literal};
    return format->count > 0 && at[literal] == '\0' ? GV_OK : GV_BAD;
}

static int choose(gv_access_format *format, const char *name)
{
    if (strcmp(name, "combined") == 0) {
        format->parts = combined;
        format->count = COUNT(combined);
        format->after = GV_SLICE("\"");
        return GV_OK;
    }
    if (strcmp(name, "json") == 0) {
        format->parts = json;
        format->count = COUNT(json);
        format->after = GV_SLICE("}");
        format->json = true;
        return GV_OK;
    }
    return compile(format, name);
}

gv_access_format *gv_access_format_new(const char *text)
{
    gv_access_format *format = gv_calloc(1, sizeof(*format));

    format->time = gv_calloc(1, sizeof(*format->time));
    format->time->second = INT64_MIN;
    if (choose(format, text) == GV_OK)
        return format;
    gv_access_format_free(format);
    return NULL;
}

void gv_access_format_free(gv_access_format *format)
{
    free(format->own_parts);
    free(format->own_text);
    free(format->time);
    free(format);
}

/* Names of months are written here, for strftime() follows the locale that the
 * application may have set. */
static void update_time(struct time_text *text, int64_t second)
{
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t moment = (time_t)second;
    struct tm tm = {.tm_mday = 1};

    if (text->second == second)
        return;
    text->second = second;
    gmtime_r(&moment, &tm);
    strftime(text->iso, sizeof(text->iso), "%Y-%m-%dT%H:%M:%SZ", &tm);
    snprintf(text->combined, sizeof(text->combined),
             "%02d/%s/%04d:%02d:%02d:%02d +0000", tm.tm_mday, months[tm.tm_mon],
             tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* What the client sent; `at` NULL where it did not. */
static gv_slice text_of(const gv_access *access, enum field field)
{
    const gv_request *req = access->req;

    if (field == CLIENT)
        return access->client;
    if (req == NULL)
        return GV_SLICE_NONE;
    switch (field) {
    case METHOD:
        return req->method_name;
    case TARGET:
        return req->target;
    case PATH:
        return req->raw_path;
    case QUERY:
        return req->query;
    case VERSION:
        return req->minor == 0 ? GV_SLICE("1.0") : GV_SLICE("1.1");
    case REFERER:
        return gv_request_field(req, GV_FIELD_REFERER);
    case USER_AGENT:
        return gv_request_field(req, GV_FIELD_USER_AGENT);
    case SCHEME:
        return req->https ? GV_SLICE("https") : GV_SLICE("http");
    default:
        return req->host;
    }
}

static void put_text(gv_buf *out, gv_slice text, char stop)
{
    if (text.len > 0)
        gv_escape_log(out, text, stop);
    else
        gv_buf_append_literal(out, "-");
}

static void put_json(gv_buf *out, gv_slice text)
{
    if (text.at == NULL) {
        gv_buf_append_literal(out, "null");
        return;
    }
    gv_buf_append_literal(out, "\"");
    gv_escape_json(out, text);
    gv_buf_append_literal(out, "\"");
}

static void put_request_line(gv_buf *out, const gv_access *access)
{
    if (access->req == NULL) {
        gv_buf_append_literal(out, "-");
        return;
    }
    put_text(out, text_of(access, METHOD), ' ');
    gv_buf_append_literal(out, " ");
    put_text(out, text_of(access, TARGET), ' ');
    gv_buf_append_literal(out, " HTTP/");
    gv_buf_append_slice(out, text_of(access, VERSION));
}

/* A proxy's needs no escape in JSON: see http/request_id.h. */
static void put_id(gv_buf *out, const gv_access *access, char stop)
{
    if (access->req != NULL && access->req->id.len > 0) {
        gv_escape_log(out, access->req->id, stop);
        return;
    }
    gv_request_id_write(gv_buf_reserve(out, GV_REQUEST_ID_TEXT), access->id);
    out->len += GV_REQUEST_ID_TEXT;
}

static void put(const gv_access_format *format, const struct part *part,
                const gv_access *access, gv_buf *out)
{
    switch (part->field) {
    case TIME:
        gv_buf_append_slice(out, gv_slice_of(format->time->iso));
        break;
    case COMBINED_TIME:
        gv_buf_append_slice(out, gv_slice_of(format->time->combined));
        break;
    case STATUS:
        gv_buf_append_uint(out, (uint64_t)access->status);
        break;
    case BYTES:
        gv_buf_append_uint(out, access->bytes);
        break;
    case DURATION_US:
        gv_buf_append_uint(out, (uint64_t)access->duration_us);
        break;
    case REQUEST_ID:
        put_id(out, access, part->stop);
        break;
    case REQUEST_LINE:
        put_request_line(out, access);
        break;
    default:
        if (format->json)
            put_json(out, text_of(access, part->field));
        else
            put_text(out, text_of(access, part->field), part->stop);
    }
}

void gv_access_format_render(const gv_access_format *format, const gv_access *access,
                             gv_buf *out)
{
    update_time(format->time, access->time);
    for (size_t i = 0; i < format->count; i++) {
        gv_buf_append_slice(out, format->parts[i].before);
        put(format, &format->parts[i], access, out);
    }
    gv_buf_append_slice(out, format->after);
    gv_buf_append_literal(out, "\n");
}
