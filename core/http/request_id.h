/* The ids that requests are named by, in logs and in the field X-Request-ID. */
#ifndef GV_HTTP_REQUEST_ID_H
#define GV_HTTP_REQUEST_ID_H

#include "base/slice.h"

#include <stdint.h>

enum { GV_REQUEST_ID_TEXT = 16, GV_REQUEST_ID_MAX = 128 };

/* Whether a proxy may name a request so: letters, digits and -._~+/= alone, which need
 * no escape in any log; at most GV_REQUEST_ID_MAX. */
bool gv_request_id_valid(gv_slice id);

/* Writes `id` as GV_REQUEST_ID_TEXT hexadecimal digits, without a NUL. */
void gv_request_id_write(char *text, uint64_t id);

#endif
