/* The small body of an error that the server itself answers. */
#ifndef GV_HTTP_ERROR_PAGE_H
#define GV_HTTP_ERROR_PAGE_H

#include "base/buf.h"
#include "http/request.h"

/* Writes a page for `status` to `out`: JSON where `accept` (the Accept field, maybe
 * empty) prefers application/json to text/html by its quality values, else HTML.
 * Returns its content type. */
gv_slice gv_error_page(gv_buf *out, int status, gv_slice accept);

/* Whether the field `accept` (maybe empty) prefers application/json to `type`, whose
 * parameters do not count. */
bool gv_prefers_json(gv_slice accept, gv_slice type);

#endif
