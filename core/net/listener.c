#include "net/listener.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Few at a time, so that other workers get their share of a burst. */
enum { ACCEPTS_AN_EVENT = 4 };

static const char overload[] = "HTTP/1.1 503 Service Unavailable\r\n"
                               "Retry-After: 1\r\n"
                               "Content-Length: 0\r\n"
                               "Connection: close\r\n\r\n";

gv_listener *gv_listener_new(gv_server *server, int fd)
{
    gv_listener *listener = gv_calloc(1, sizeof(*listener));
    int on = 1;

    listener->server = server;
    listener->fd = fd;
    /* Accepted sockets inherit it; a Unix socket does not know it. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    uv_poll_init(&server->loop, &listener->poll, fd);
    return listener;
}

static gv_peer peer_of(const struct sockaddr_storage *address)
{
    gv_peer peer = {.family = address->ss_family};

    if (peer.family == AF_INET)
        memcpy(peer.address, &((const struct sockaddr_in *)address)->sin_addr, 4);
    else if (peer.family == AF_INET6)
        memcpy(peer.address, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
    return peer;
}

static void refuse(int fd)
{
    ssize_t ignored = send(fd, overload, sizeof(overload) - 1, MSG_NOSIGNAL);

    (void)ignored; /* the client is going away either way */
    shutdown(fd, SHUT_WR);
    close(fd);
}

static void take(gv_listener *listener, int fd, const struct sockaddr_storage *address)
{
    gv_server *server = listener->server;
    gv_peer peer = peer_of(address);

    if (server->conn_count >= server->config.connections)
        refuse(fd);
    else
        gv_conn_open(server, fd, &peer);
}

/* Out of descriptors or memory, accept() would fail again at once: the socket stays
 * readable, and the loop would spin. */
static void pause_accepting(gv_listener *listener)
{
    gv_log(GV_ERROR, "connections can not be accepted: %s", strerror(errno));
    uv_poll_stop(&listener->poll);
    listener->paused = true;
}

static void on_connections(uv_poll_t *poll, int status, int events)
{
    gv_listener *listener = (gv_listener *)poll;

    (void)status;
    (void)events;
    for (int i = 0; i < ACCEPTS_AN_EVENT; i++) {
        struct sockaddr_storage address = {0};
        socklen_t len = sizeof(address);
        int fd = accept4(listener->fd, (struct sockaddr *)&address, &len,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0)
            take(listener, fd, &address);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                 errno == ENOMEM)
            return pause_accepting(listener);
        else if (errno != EINTR && errno != ECONNABORTED)
            return;
    }
}

void gv_listener_start(gv_listener *listener)
{
    listener->paused = false;
    uv_poll_start(&listener->poll, UV_READABLE, on_connections);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

void gv_listener_close(gv_listener *listener)
{
    uv_close((uv_handle_t *)&listener->poll, on_closed);
}
