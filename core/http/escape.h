/* Foreign bytes made harmless where they are written. */
#ifndef GV_HTTP_ESCAPE_H
#define GV_HTTP_ESCAPE_H

#include "base/buf.h"

/* For a log line: what is not printable ASCII, quotes, backslash and `stop` (the
 * byte that ends a field of the line; NUL where there is none) become \xNN. */
void gv_escape_log(gv_buf *out, gv_slice text, char stop);

/* For the inside of a JSON string (RFC 8259, section 7).  The result is ASCII: a
 * byte from 0x80 on becomes \u00NN, whatever encoding it belongs to. */
void gv_escape_json(gv_buf *out, gv_slice text);

/* For HTML text and quoted attribute values. */
void gv_escape_html(gv_buf *out, gv_slice text);

/* For one segment of a URL's path: all but RFC 3986's unreserved becomes %NN. */
void gv_escape_url(gv_buf *out, gv_slice text);

#endif
