#include "net/listener.h"

#include "base/log.h"
#include "base/mem.h"
#include "http/error_page.h"
#include "net/conn.h"
#include "net/control.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Few at a time, so that other workers get their share of a burst. */
enum {
    ACCEPTS_AN_EVENT = 4,
    QUEUE_MAX = 4096,
    LEFT_MS = 2,   /* that a sibling has for a connection, */
    LEFT_TIMES = 3 /* at most so many times */
};

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

    head.content_type = gv_error_page(&page, head.status, GV_SLICE_NONE, GV_SLICE_NONE);
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
    listener->left = listener->in_line = false;
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

static int accept_next(const gv_listener *listener, struct sockaddr_storage *address)
{
    socklen_t len = sizeof(*address);

    *address = (struct sockaddr_storage){0};
    return accept4(listener->fd, (struct sockaddr *)address, &len,
                   SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/* GV_OK: one is taken, or was gone again; GV_AGAIN: there is none; GV_FAILED: errno says
 * why there will be none for a while. */
static int accept_one(gv_listener *listener)
{
    struct sockaddr_storage address;
    int fd, error;

    if (listener->let_go)
        return GV_AGAIN;
    fd = accept_next(listener, &address);
    if (fd >= 0) {
        take(listener, fd, &address);
        return GV_OK;
    }
    error = errno;
    if (error == EAGAIN || error == EWOULDBLOCK)
        return GV_AGAIN;
    if (is_passing(error) || gv_server_find_descriptor(listener->server, error))
        return GV_OK;
    errno = error;
    return GV_FAILED;
}

/* ---- the line of workers ---- */

static int watch(const gv_listener *listener, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = listener->fd};

    return epoll_ctl(uv_backend_fd(&listener->server->loop), EPOLL_CTL_ADD,
                     listener->fd, &event);
}

static void leave_line(const gv_listener *listener)
{
    struct epoll_event unused = {0};

    epoll_ctl(uv_backend_fd(&listener->server->loop), EPOLL_CTL_DEL, listener->fd,
              &unused);
}

/* In libuv's place, which does not know of EPOLLEXCLUSIVE, and not before libuv has
 * armed the handle: its callback shows that.  From then on libuv leaves the kernel's
 * entry alone until it removes it, which may fail. */
static void line_up(gv_listener *listener)
{
    leave_line(listener);
    listener->left = false;
    listener->in_line = true;
    if (watch(listener, EPOLLIN | EPOLLEXCLUSIVE) < 0 && watch(listener, EPOLLIN) < 0)
        pause_accepting(listener, errno);
}

static bool has_siblings(const gv_server *server)
{
    return server->board != NULL &&
           atomic_load_explicit(&server->board->used, memory_order_relaxed) > 1;
}

static int next_to_take(const gv_server *server)
{
    if (!has_siblings(server))
        return GV_SHARE_OWN;
    return gv_share_next(server->board, server->slot, gv_server_now(server));
}

static uint64_t accepted_by(const gv_server *server, int sibling)
{
    return atomic_load_explicit(&server->board->slots[sibling].accepted,
                                memory_order_relaxed);
}

static void on_left_long_enough(uv_timer_t *timer)
{
    gv_server *server = timer->loop->data;

    for (gv_listener *it = server->listeners; it != NULL; it = it->next) {
        if (it->left)
            line_up(it);
    }
}

static void leave_to(gv_listener *listener, int sibling)
{
    gv_server *server = listener->server;

    server->left_to = sibling;
    server->left_at = accepted_by(server, sibling);
    if (server->control != NULL)
        gv_control_wake(server->control, sibling);
    leave_line(listener);
    listener->left = true;
    uv_timer_start(&server->leave_to, on_left_long_enough, LEFT_MS, 0);
}

/* Whether the connection that waits is left to a sibling.  One that was given time again
 * and again and has taken nothing is not given more. */
static bool is_left(gv_listener *listener)
{
    gv_server *server = listener->server;
    int sibling = next_to_take(server);

    if (sibling == GV_SHARE_OWN)
        return false;
    if (sibling != server->left_to || accepted_by(server, sibling) != server->left_at) {
        server->left_times = 0;
    } else if (++server->left_times == LEFT_TIMES) {
        server->left_to = GV_SHARE_OWN;
        return false;
    }
    leave_to(listener, sibling);
    return true;
}

/* GV_FAILED: errno says why there will be none for a while. */
static int accept_share(gv_listener *listener)
{
    int outcome = accept_one(listener);

    for (int i = 1; i < ACCEPTS_AN_EVENT && outcome == GV_OK; i++) {
        if (next_to_take(listener->server) != GV_SHARE_OWN)
            break;
        outcome = accept_one(listener);
    }
    return outcome;
}

static void on_connections(uv_poll_t *poll, int status, int events)
{
    gv_listener *listener = (gv_listener *)poll;

    (void)events;
    if (status < 0)
        pause_accepting(listener, -status);
    else if (listener->in_line && is_left(listener))
        return;
    else if (accept_share(listener) == GV_FAILED)
        pause_accepting(listener, errno);
    else if (has_siblings(listener->server))
        line_up(listener);
}

void gv_listener_look(gv_listener *listener)
{
    if (listener->paused || next_to_take(listener->server) != GV_SHARE_OWN)
        return;
    if (accept_share(listener) == GV_FAILED)
        pause_accepting(listener, errno);
}

void gv_listener_start(gv_listener *listener)
{
    listener->paused = listener->left = listener->in_line = false;
    uv_poll_start(&listener->poll, UV_READABLE, on_connections);
}

typedef struct waiting {
    int fd;
    struct sockaddr_storage address;
} waiting;

void gv_listener_let_go(gv_listener *listener, int instead)
{
    waiting next;

    for (int i = 0; i < QUEUE_MAX; i++) {
        next.fd = accept_next(listener, &next.address);
        if (next.fd < 0)
            break;
        gv_buf_append(&listener->waiting, &next, sizeof(next));
    }
    leave_line(listener);
    dup3(instead, listener->fd, O_CLOEXEC);
    listener->let_go = true;
}

static void take_waiting(gv_listener *listener)
{
    const waiting *all = (const waiting *)listener->waiting.at;

    for (size_t i = 0; i < listener->waiting.len / sizeof(*all); i++)
        take(listener, all[i].fd, &all[i].address);
    gv_buf_dispose(&listener->waiting);
}

void gv_listener_empty(gv_listener *listener)
{
    take_waiting(listener);
    for (int i = 0; i < QUEUE_MAX && accept_one(listener) == GV_OK; i++)
        continue;
}

static void on_closed(uv_handle_t *handle)
{
    gv_buf_dispose(&((gv_listener *)handle)->waiting);
    free(handle);
}

void gv_listener_close(gv_listener *listener)
{
    const waiting *all = (const waiting *)listener->waiting.at;

    for (size_t i = 0; i < listener->waiting.len / sizeof(*all); i++)
        close(all[i].fd);
    uv_close((uv_handle_t *)&listener->poll, on_closed); /* first: it looks at the fd */
    close(listener->fd);
}
