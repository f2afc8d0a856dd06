#include "python/kept.h"

#include "base/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct gv_kept {
    gv_exchange ex;
    gv_request req;
    gv_peer peer;
    gv_header headers[];
};

/* Copies `from` to `*to`, which moves on; returns where it is now. */
static gv_slice put(char **to, gv_slice from)
{
    gv_slice copy = {*to, from.len};

    if (from.len > 0)
        memcpy(*to, from.at, from.len);
    *to += from.len;
    return copy;
}

gv_kept *gv_kept_new(const gv_exchange *ex)
{
    size_t headers = ex->req->header_count * sizeof(gv_header);
    size_t bytes = ex->head.len + ex->path.len + ex->body.len;
    gv_kept *kept = gv_calloc(1, sizeof(*kept) + headers + bytes);
    char *to = (char *)kept->headers + headers;

    kept->req = *ex->req;
    kept->peer = *ex->peer;
    kept->ex = (gv_exchange){.req = &kept->req,
                             .peer = &kept->peer,
                             .id = ex->id,
                             .body_fd = -1,
                             .body_len = ex->body_len};
    kept->ex.head = put(&to, ex->head);
    kept->ex.path = put(&to, ex->path);
    kept->ex.body = put(&to, ex->body);
    if (ex->body_fd >= 0)
        kept->ex.body_fd = fcntl(ex->body_fd, F_DUPFD_CLOEXEC, 0);
    gv_request_move(&kept->req, ex->head.at, ex->head.len, kept->ex.head.at,
                    kept->headers);
    return kept;
}

void gv_kept_free(gv_kept *kept)
{
    if (kept == NULL)
        return;
    if (kept->ex.body_fd >= 0)
        close(kept->ex.body_fd);
    free(kept);
}

const gv_exchange *gv_kept_exchange(const gv_kept *kept)
{
    return &kept->ex;
}
