/* The character classes that HTTP's and URI's grammars are made of. */
#ifndef GV_HTTP_CHARS_H
#define GV_HTTP_CHARS_H

#include "base/slice.h"

/* How many bytes at the start of `text` belong to a token (RFC 9110, section
 * 5.6.2). */
size_t gv_token_span(gv_slice text);

/* The same for a uri-host's reg-name (RFC 3986, section 3.2.2); '%' counts by
 * itself. */
size_t gv_reg_name_span(gv_slice text);

/* The value of a hexadecimal digit, or -1. */
int gv_hex_value(char digit);

#endif
