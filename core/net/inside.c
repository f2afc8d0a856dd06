#include "net/inside.h"

#include "net/conn.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

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

int gv_inside_ask(gv_server *server, gv_slice request, gv_buf *answer)
{
    const gv_peer peer = {.family = AF_UNIX};
    int ends[2];
    bool sent;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
        return GV_FAILED;
    gv_conn_open(server, ends[0], &peer, false);
    sent = send(ends[1], request.at, request.len, MSG_NOSIGNAL) == (ssize_t)request.len;
    while (sent && !server->stopped && take(ends[1], answer) == GV_AGAIN)
        uv_run(&server->loop, UV_RUN_ONCE);
    close(ends[1]);
    return sent ? GV_OK : GV_FAILED;
}
