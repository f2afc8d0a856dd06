#ifndef GV_HTTP_STATUS_H
#define GV_HTTP_STATUS_H

#include "base/slice.h"

/* The reason phrase of RFC 9110, section 15; "Unknown" for a code of none's. */
gv_slice gv_status_reason(int status);

/* The whole status line "HTTP/1.1 200 OK\r\n", for codes 100 to 599. */
gv_slice gv_status_line(int status);

/* Whether an answer of that status never has a body (1xx, 204, 304). */
bool gv_status_is_bodiless(int status);

#endif
