/* Host and port, as in the field Host and in an absolute target. */
#ifndef GV_HTTP_HOST_H
#define GV_HTTP_HOST_H

#include "base/slice.h"

/* uri-host [ ":" port ] (RFC 9110, section 7.2), where the host is not empty. */
bool gv_host_valid(gv_slice host);

/* Whether two valid ones name the same, in any case, where `implied_port` (such as
 * ":80") need not be said. */
bool gv_host_equal(gv_slice a, gv_slice b, gv_slice implied_port);

#endif
