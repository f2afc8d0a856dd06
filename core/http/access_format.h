/* How an access log line is made: compiled once, rendered for each request. */
#ifndef GV_HTTP_ACCESS_FORMAT_H
#define GV_HTTP_ACCESS_FORMAT_H

#include "base/buf.h"
#include "http/request.h"

/* What is known of a request when its answer has been sent. */
typedef struct gv_access {
    const gv_request *req; /* NULL where the head could not be parsed */
    gv_slice client;
    int status;
    uint64_t bytes; /* of the body sent */
    int64_t duration_us;
    int64_t time; /* wall clock, seconds */
    uint64_t id;
} gv_access;

typedef struct gv_access_format gv_access_format;

/* Compiles "combined" (as Apache and nginx write it), "json" (one object a line), or
 * a template with {placeholders}: client time method target path query version status
 * bytes referer user_agent duration_us request_id host scheme.  Times are UTC, but for
 * "combined" as RFC 3339 has them.  NULL for an unknown placeholder, a brace that
 * belongs to none, or a template without any. */
gv_access_format *gv_access_format_new(const char *format);
void gv_access_format_free(gv_access_format *format);

/* Appends one line with its line break.  Whatever comes from the client is escaped, so
 * that a request can not forge a line or a field: quotes, backslash, what is not
 * printable ASCII, and the byte that ends the field in the template, as \xNN; in JSON
 * by its own rules.  What is absent or empty is "-", in JSON what is absent is null. */
void gv_access_format_render(const gv_access_format *format, const gv_access *access,
                             gv_buf *out);

#endif
