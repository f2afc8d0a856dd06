#include "http/conditional.h"

#include "http/date.h"

bool gv_not_modified(const gv_request *req, int64_t modified)
{
    int64_t since;

    if (req->method != GV_GET && req->method != GV_HEAD)
        return false;
    if (gv_request_header(req, GV_SLICE("If-None-Match")).at != NULL)
        return false;
    since = gv_date_parse(gv_request_field(req, GV_FIELD_IF_MODIFIED_SINCE));
    return since >= 0 && modified <= since;
}
