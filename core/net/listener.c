#include "net/listener.h"

#include "base/log.h"
#include "base/mem.h"
#include "http/error_page.h"
#include "net/conn.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Few at a time, so that other workers get their share of a burst. */
enum { ACCEPTS_AN_EVENT = 4, QUEUE_MAX = 4096 };

gv_listener *gv_listener_new(gv_server *server, int fd, bool proxy_protocol)
{
    gv_listener *listener = gv_calloc(1, sizeof(*listener));
    int on = 1, error;

    listener->server = server;
    listener->proxy_protocol = proxy_protocol;
    listener->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    error = listener->fd < 0
                ? -errno
                : uv_poll_init(&server->loop, &listener->poll, listener->fd);
    if (error < 0) {
        if (listener->fd >= 0)
            close(listener->fd);
        free(listener);
        errno = -error;
        return NULL;
    }
    /* Accepted sockets inherit it; a Unix socket does not know it. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return listener;
}

static gv_peer peer_of(const struct sockaddr_storage *address)
{
    const void *bytes =
        address->ss_family == AF_INET6
            ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
            : &((const struct sockaddr_in *)address)->sin_addr;

    return gv_peer_of(address->ss_family, bytes);
}

static void write_overload(gv_server *server, gv_buf *out)
{
    gv_buf page = {0};
    gv_head head = {
        .status = 503, .minor = 1, .fields = GV_SLICE("Retry-After: 1\r\n")};

    head.content_type = gv_error_page(&page, head.status, GV_SLICE_NONE);
    head.content_length = (int64_t)page.len;
    gv_fixed_fields_update(&server->fixed, gv_server_wall(server));
    gv_head_write(out, &head, &server->fixed);
    gv_buf_append_slice(out, gv_buf_slice(&page));
    gv_buf_dispose(&page);
}

/* Over the limit.  The client is going away, whatever becomes of the answer. */
static void refuse(gv_server *server, int fd)
{
    gv_buf answer = {0};
    ssize_t ignored;

    write_overload(server, &answer);
    ignored = send(fd, answer.at, answer.len, MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    /* Closing on unread bytes would reset the connection. */
    ignored = recv(fd, server->input, GV_INPUT_SIZE, 0);
    (void)ignored;
    close(fd);
    gv_buf_dispose(&answer);
}

static void take(gv_listener *listener, int fd, const struct sockaddr_storage *address)
{
    gv_server *server = listener->server;
    gv_peer peer = peer_of(address);

    atomic_fetch_add_explicit(&server->slot->accepted, 1, memory_order_relaxed);
    if (server->conn_count >= server->config.connections &&
        !gv_server_give_up_idle(server))
        refuse(server, fd);
    else
        gv_conn_open(server, fd, &peer, listener->proxy_protocol);
}

/* Out of descriptors, say, accept() would fail again at once: the socket stays readable,
 * and the loop would spin. */
static void pause_accepting(gv_listener *listener, int error)
{
    static int64_t last_ms;

    gv_log_seldom(&last_ms, GV_ERROR, "connections can not be accepted: %s",
                  strerror(error));
    uv_poll_stop(&listener->poll);
    listener->paused = true;
}

/* Whether accept() failed for this connection alone (accept(2): errors that were
 * pending on it), or for a moment. */
static bool is_passing(int error)
{
    switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
        return true;
    default:
        return false;
    }
}

/* Whether `error` says that descriptors have run out, and an idle client has given one
 * back. */
static bool has_found_descriptor(gv_server *server, int error)
{
    bool found = (error == EMFILE || error == ENFILE) && gv_server_give_up_idle(server);

    errno = error;
    return found;
}

/* GV_OK: one is taken, or was gone again; GV_AGAIN: there is none; GV_FAILED: errno says
 * why there will be none for a while. */
static int accept_one(gv_listener *listener)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof(address);
    int fd = accept4(listener->fd, (struct sockaddr *)&address, &len,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd >= 0) {
        take(listener, fd, &address);
        return GV_OK;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return GV_AGAIN;
    if (is_passing(errno) || has_found_descriptor(listener->server, errno))
        return GV_OK;
    return GV_FAILED;
}

static void on_connections(uv_poll_t *poll, int status, int events)
{
    gv_listener *listener = (gv_listener *)poll;
    int outcome = GV_OK;

    (void)events;
    if (status < 0) {
        pause_accepting(listener, -status);
        return;
    }
    for (int i = 0; i < ACCEPTS_AN_EVENT && outcome == GV_OK; i++)
        outcome = accept_one(listener);
    if (outcome == GV_FAILED)
        pause_accepting(listener, errno);
}

void gv_listener_start(gv_listener *listener)
{
    listener->paused = false;
    uv_poll_start(&listener->poll, UV_READABLE, on_connections);
}

void gv_listener_empty(gv_listener *listener)
{
    for (int i = 0; i < QUEUE_MAX && accept_one(listener) == GV_OK; i++)
        continue;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

void gv_listener_close(gv_listener *listener)
{
    uv_close((uv_handle_t *)&listener->poll, on_closed); /* first: it looks at the fd */
    close(listener->fd);
}
