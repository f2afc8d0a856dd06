/* The request target (RFC 9112, section 3.2). */
#ifndef GV_HTTP_TARGET_H
#define GV_HTTP_TARGET_H

#include "http/request.h"

/* Takes `req->target` apart: sets raw_path, query, and host, which is GV_SLICE_NONE
 * unless the target is an absolute one.  NULL, or a static text: what is wrong. */
const char *gv_target_split(gv_request *req);

/* ":80" or ":443", by the scheme of an absolute target. */
gv_slice gv_target_implied_port(gv_slice target);

#endif
