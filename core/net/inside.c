#include "net/inside.h"

#include "net/conn.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Gives what fits of the request; what nobody reads any more is left. */
static void give(int fd, gv_slice *request)
{
    ssize_t given;

    do {
        given = send(fd, request->at, request->len, MSG_NOSIGNAL);
        if (given > 0)
            *request = gv_slice_from(*request, (size_t)given);
        else if (given < 0 && errno != EAGAIN && errno != EINTR)
            request->len = 0;
    } while (request->len > 0 && (given > 0 || errno == EINTR));
}

/* Takes what has come; GV_AGAIN while more may come. */
static int take(int fd, gv_buf *answer)
{
    enum { PIECE = 16384 };
    ssize_t got;

    do {
        got = recv(fd, gv_buf_reserve(answer, PIECE), PIECE, 0);
        if (got > 0)
            answer->len += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got < 0 && errno == EAGAIN ? GV_AGAIN : GV_OK;
}

/* To be asked of an answer that has not ended, each time that some of it has come. */
static bool has_enough(const gv_asker *asker, const gv_buf *answer, size_t seen)
{
    return asker->has_enough != NULL && answer->len > seen &&
           asker->has_enough(asker->owner, gv_buf_slice(answer));
}

int gv_inside_ask(gv_server *server, const gv_asker *asker, gv_slice request,
                  gv_buf *answer)
{
    gv_conn *conn;
    size_t seen = 0;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
        return GV_FAILED;
    conn = gv_conn_open(server, ends[0], &asker->peer, false);
    if (conn == NULL) {
        close(ends[1]);
        errno = ENOMEM;
        return GV_FAILED;
    }
    conn->https = asker->https;
    give(ends[1], &request);
    while (!server->stopped && take(ends[1], answer) == GV_AGAIN) {
        if (has_enough(asker, answer, seen)) {
            gv_conn_close(conn); /* it is still open, for our end is */
            break;
        }
        seen = answer->len;
        uv_run(&server->loop, UV_RUN_ONCE);
        if (request.len > 0)
            give(ends[1], &request);
    }
    close(ends[1]);
    return GV_OK;
}
