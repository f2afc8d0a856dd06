#ifndef GV_HTTP_CONDITIONAL_H
#define GV_HTTP_CONDITIONAL_H

#include "http/request.h"

/* Whether a GET or HEAD of a file last modified at `modified` (seconds) is answered
 * by 304 (RFC 9110, section 13.1.3). */
bool gv_not_modified(const gv_request *req, int64_t modified);

#endif
