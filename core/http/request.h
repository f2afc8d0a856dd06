/* A request's head, as slices of the bytes it was parsed from. */
#ifndef GV_HTTP_REQUEST_H
#define GV_HTTP_REQUEST_H

#include "base/slice.h"
#include "http/method.h"
#include "http/network.h"

#include <stdint.h>

/* The header fields the engine itself looks at; the rest are GV_FIELD_OTHER. */
typedef enum gv_field {
    GV_FIELD_OTHER,
    GV_FIELD_HOST,
    GV_FIELD_CONNECTION,
    GV_FIELD_CONTENT_LENGTH,
    GV_FIELD_CONTENT_TYPE,
    GV_FIELD_TRANSFER_ENCODING,
    GV_FIELD_EXPECT,
    GV_FIELD_ACCEPT,
    GV_FIELD_COOKIE,
    GV_FIELD_IF_MODIFIED_SINCE,
    GV_FIELD_REFERER,
    GV_FIELD_USER_AGENT,
    GV_FIELD_ACCEPT_ENCODING,
    GV_FIELD_RANGE,
    GV_FIELD_IF_MATCH,
    GV_FIELD_IF_NONE_MATCH,
    GV_FIELD_IF_UNMODIFIED_SINCE,
    GV_FIELD_IF_RANGE,
    GV_FIELD_COUNT
} gv_field;

typedef struct gv_header {
    gv_slice name;  /* as it was sent */
    gv_slice value; /* without white space around it */
    gv_field field;
} gv_header;

typedef struct gv_request {
    gv_method method;
    gv_slice method_name;
    gv_slice target;   /* as it was sent */
    gv_slice raw_path; /* the target's path, escapes and all; "*" for OPTIONS * */
    gv_slice query;    /* behind the '?', which is not part of it */
    gv_slice host;     /* of an absolute target, else of the Host field; with port;
                        * or what a trusted proxy says was asked */
    uint8_t minor;     /* HTTP/1.minor */
    bool keep_alive;   /* what version and Connection ask for */
    bool chunked;
    bool expect_continue;
    int64_t content_length; /* -1 where the field is absent */
    gv_peer client;         /* whom a trusted proxy names; else AF_UNSPEC */
    bool https;             /* as its connection is, or as a trusted proxy says */
    gv_slice id;            /* a trusted proxy's X-Request-ID; else empty */
    gv_header *headers;     /* borrowed from the parser until promoted */
    unsigned header_count;
} gv_request;

/* The first field of that kind, or GV_SLICE_NONE with `at` NULL. */
gv_slice gv_request_field(const gv_request *req, gv_field field);

/* The only field of that kind; `at` is NULL where there is none, or more than one. */
gv_slice gv_request_only_field(const gv_request *req, gv_field field);

/* The set of fields that there are, one bit each: for who asks about several. */
typedef uint32_t gv_field_set;
#define GV_FIELD_BIT(field) ((gv_field_set)1 << (field))
_Static_assert(GV_FIELD_COUNT <= 32, "a gv_field_set has a bit for each gv_field");

static inline gv_field_set gv_request_fields(const gv_request *req)
{
    gv_field_set set = 0;

    for (unsigned i = 0; i < req->header_count; i++)
        set |= GV_FIELD_BIT(req->headers[i].field);
    return set;
}

/* The first field of that name, in any case. */
gv_slice gv_request_header(const gv_request *req, gv_slice name);

static inline bool gv_request_has_body(const gv_request *req)
{
    return req->chunked || req->content_length > 0;
}

/* Points every slice of `req` that lies in [from, from + len) to the same offset
 * behind `to`, where the caller has copied those bytes.  `headers` becomes a copy
 * in `storage`, which has room for header_count entries. */
void gv_request_move(gv_request *req, const char *from, size_t len, const char *to,
                     gv_header *storage);

#endif
