#include "http/request.h"

#include <stdint.h>

gv_slice gv_request_field(const gv_request *req, gv_field field)
{
    for (unsigned i = 0; i < req->header_count; i++)
        if (req->headers[i].field == field)
            return req->headers[i].value;
    return GV_SLICE_NONE;
}

gv_slice gv_request_only_field(const gv_request *req, gv_field field)
{
    gv_slice found = GV_SLICE_NONE;

    for (unsigned i = 0; i < req->header_count; i++) {
        if (req->headers[i].field != field)
            continue;
        if (found.at != NULL)
            return GV_SLICE_NONE;
        found = req->headers[i].value;
    }
    return found;
}

gv_slice gv_request_header(const gv_request *req, gv_slice name)
{
    for (unsigned i = 0; i < req->header_count; i++)
        if (gv_slice_equal_nocase(req->headers[i].name, name))
            return req->headers[i].value;
    return GV_SLICE_NONE;
}

/* Slices of other memory (constants) stay as they are. */
static void move(gv_slice *slice, const char *from, size_t len, const char *to)
{
    uintptr_t at = (uintptr_t)slice->at, first = (uintptr_t)from;

    if (slice->at != NULL && at >= first && at + slice->len <= first + len)
        slice->at = to + (at - first);
}

void gv_request_move(gv_request *req, const char *from, size_t len, const char *to,
                     gv_header *storage)
{
    move(&req->method_name, from, len, to);
    move(&req->target, from, len, to);
    move(&req->raw_path, from, len, to);
    move(&req->query, from, len, to);
    move(&req->host, from, len, to);
    move(&req->id, from, len, to);
    for (unsigned i = 0; i < req->header_count; i++) {
        storage[i] = req->headers[i];
        move(&storage[i].name, from, len, to);
        move(&storage[i].value, from, len, to);
    }
    req->headers = storage;
}
