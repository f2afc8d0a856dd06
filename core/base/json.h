/* JSON (RFC 8259), written from its start to its end. */
#ifndef GV_BASE_JSON_H
#define GV_BASE_JSON_H

#include "base/buf.h"

/* The text as a string, quotes and all, on one line.  UTF-8 stays; what is none becomes
 * U+FFFD. */
void gv_json_append(gv_buf *out, gv_slice text);

/* A document under way. */
typedef struct gv_json {
    gv_buf *out;
    bool follows; /* something stands before in the same object or array */
} gv_json;

/* Each takes a name, which is trusted, in an object, and NULL in an array and for the
 * whole. */
void gv_json_open(gv_json *json, const char *name, char bracket);
void gv_json_close(gv_json *json, char bracket);
void gv_json_text(gv_json *json, const char *name, gv_slice text);
void gv_json_uint(gv_json *json, const char *name, uint64_t number);
void gv_json_int(gv_json *json, const char *name, int64_t number);
void gv_json_bool(gv_json *json, const char *name, bool value);
void gv_json_null(gv_json *json, const char *name);

#endif
