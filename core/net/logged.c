#include "net/logged.h"

#include "base/clock.h"
#include "base/mem.h"
#include "net/server.h"

#include <stdlib.h>

struct gv_logged {
    gv_server *server;
    gv_peer peer;
    int status;
    uint64_t id;
    int64_t started_us;
    gv_request req; /* slices into `head`, fields into `headers` */
    char *head;     /* behind `headers`, in the same block */
    gv_header headers[];
};

static void add_line(gv_server *server, const gv_peer *peer, int64_t started_us,
                     gv_access *access)
{
    char text[GV_PEER_TEXT];

    access->client = gv_peer_text(peer, text);
    access->duration_us = gv_clock_monotonic_ns() / 1000 - started_us;
    access->time = gv_server_wall(server);
    gv_access_log_add(&server->access_log, access);
}

void gv_logged_now(const gv_exchange *ex, int64_t started_us, uint64_t body_bytes)
{
    gv_access access = {
        .req = ex->req, .status = ex->res.status, .bytes = body_bytes, .id = ex->id};

    add_line(ex->server, ex->peer, started_us, &access);
}

gv_logged *gv_logged_new(const gv_exchange *ex, int64_t started_us)
{
    size_t headers = ex->req->header_count * sizeof(gv_header);
    gv_logged *logged = gv_malloc(sizeof(*logged) + headers + ex->head.len);

    *logged = (gv_logged){.server = ex->server,
                          .peer = *ex->peer,
                          .status = ex->res.status,
                          .id = ex->id,
                          .started_us = started_us,
                          .req = *ex->req,
                          .head = (char *)logged->headers + headers};
    memcpy(logged->head, ex->head.at, ex->head.len);
    gv_request_move(&logged->req, ex->head.at, ex->head.len, logged->head,
                    logged->headers);
    return logged;
}

void gv_logged_finish(gv_logged *logged, uint64_t body_bytes)
{
    gv_access access = {.req = &logged->req,
                        .status = logged->status,
                        .bytes = body_bytes,
                        .id = logged->id};

    add_line(logged->server, &logged->peer, logged->started_us, &access);
    free(logged);
}
