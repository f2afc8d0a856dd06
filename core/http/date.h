#ifndef GV_HTTP_DATE_H
#define GV_HTTP_DATE_H

#include "base/slice.h"

#include <stdint.h>

enum { GV_DATE_LEN = 29 };

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7), no NUL. */
void gv_date_write(char out[GV_DATE_LEN], int64_t seconds);

/* Seconds since 1970, or -1: any of the three forms of that section. */
int64_t gv_date_parse(gv_slice text);

#endif
