/* Writing a response's head. */
#ifndef GV_HTTP_RESPONSE_H
#define GV_HTTP_RESPONSE_H

#include "base/buf.h"
#include "http/request.h"

/* The fields that are equal for all answers of one second, ready to copy:
 * "Server: guava\r\nDate: ...\r\n". */
typedef struct gv_fixed_fields {
    char text[80];
    size_t len;
    int64_t second; /* wall clock, that `text` is true for */
    bool server;    /* whether Server is among them */
} gv_fixed_fields;

/* Makes `fixed` true for the second `now`; cheap where it is already. */
void gv_fixed_fields_update(gv_fixed_fields *fixed, int64_t now);

enum { GV_LENGTH_CHUNKED = -1, GV_LENGTH_UNTIL_CLOSE = -2, GV_LENGTH_NONE = -3 };

/* What the head says, and how the message ends. */
typedef struct gv_head {
    int status;
    uint8_t minor;   /* of the request: a keep-alive HTTP/1.0 client is told so */
    bool keep_alive; /* false: "Connection: close" is sent */
    int64_t content_length; /* bytes, or a GV_LENGTH_*; NONE for 204, 304 */
    gv_slice content_type;  /* left out where empty */
    gv_slice fields;        /* more field lines, each with its CRLF */
    gv_slice request_id;    /* for X-Request-ID; left out where empty */
} gv_head;

/* Appends status line, fixed fields, framing fields, `fields` and the empty line. */
void gv_head_write(gv_buf *out, const gv_head *head, const gv_fixed_fields *fixed);

/* Around one chunk of a chunked body (RFC 9112, section 7.1). */
void gv_chunk_begin(gv_buf *out, size_t len);
#define GV_CHUNK_END  "\r\n"
#define GV_CHUNK_LAST "0\r\n\r\n"

/* Whether one of these field lines, each with its CRLF, has that name. */
bool gv_fields_have(gv_slice lines, gv_slice name);

/* Whether `name` is a token and `value` free of control characters other than HTAB
 * (RFC 9110, sections 5.1 and 5.5): what may be written into a head. */
bool gv_field_name_valid(gv_slice name);
bool gv_field_value_valid(gv_slice value);

#endif
