/* application/x-www-form-urlencoded (WHATWG URL, section 5.1) and cookies. */
#ifndef GV_HTTP_FORM_H
#define GV_HTTP_FORM_H

#include "base/buf.h"

/* The next name=value pair of `rest`, which moves on; false at the end.
 * Empty pairs ("&&") are passed over.  Nothing is decoded. */
bool gv_form_next(gv_slice *rest, gv_slice *name, gv_slice *value);

/* Appends `text` with '+' as space and escapes decoded; a malformed escape stands
 * for itself. */
void gv_form_decode(gv_buf *out, gv_slice text);

/* The next pair of a Cookie field (RFC 6265, section 4.2.1), white space trimmed and
 * one pair of double quotes around the value taken off; false at the end. */
bool gv_cookie_next(gv_slice *rest, gv_slice *name, gv_slice *value);

#endif
