/* The small body of an error that the server itself answers. */
#ifndef GV_HTTP_ERROR_PAGE_H
#define GV_HTTP_ERROR_PAGE_H

#include "base/buf.h"
#include "http/request.h"

enum { GV_ERROR_DETAIL = 1024 /* bytes of a detail that are shown */ };

/* Writes a page for `status` to `out`: JSON where `accept` (the Accept field, maybe
 * empty) prefers application/json to text/html by its quality values, else HTML.
 * `detail` is UTF-8 and says more, escaped, up to GV_ERROR_DETAIL bytes of it; empty:
 * nothing.  Returns the page's content type. */
gv_slice gv_error_page(gv_buf *out, int status, gv_slice detail, gv_slice accept);

/* Whether the field `accept` (maybe empty) prefers application/json to `type`, whose
 * parameters do not count. */
bool gv_prefers_json(gv_slice accept, gv_slice type);

#endif
