#include "net/conn.h"

#include "base/mem.h"
#include "net/answer.h"
#include "net/intake.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SPARE_MAX = 256 /* closed connections kept for re-use */ };

static void on_event(uv_poll_t *poll, int status, int events);

void gv_conn_wait(gv_conn *conn, gv_conn_state state, int events, gv_wait waiting)
{
    gv_server *server = conn->server;

    conn->state = (uint8_t)state;
    if (conn->waiting != waiting || !gv_wait_is_paced(waiting))
        gv_deadline_set(&server->deadlines[waiting], &conn->deadline,
                        gv_server_now(server));
    if (conn->waiting != waiting)
        gv_slot_wait_moved(server->slot, (gv_slot_wait)conn->waiting,
                           (gv_slot_wait)waiting);
    conn->waiting = (uint8_t)waiting;
    if (conn->events != events) {
        conn->events = events;
        uv_poll_start(&conn->poll, events, on_event);
    }
}

/* ---- opening ---- */

static gv_conn *allocate(gv_server *server)
{
    gv_conn *conn = server->spare;

    if (conn == NULL)
        return gv_malloc(sizeof(*conn));
    server->spare = conn->next;
    server->spare_count--;
    return conn;
}

static void publish_count(gv_server *server)
{
    atomic_store_explicit(&server->slot->connections, server->conn_count,
                          memory_order_relaxed);
}

static void enlist(gv_conn *conn)
{
    gv_server *server = conn->server;

    conn->next = server->conns;
    if (conn->next != NULL)
        conn->next->prev = conn;
    server->conns = conn;
    server->conn_count++;
    gv_slot_wait_moved(server->slot, GV_SLOT_WAITS, (gv_slot_wait)conn->waiting);
    publish_count(server);
}

static void delist(gv_conn *conn)
{
    gv_server *server = conn->server;

    if (conn->prev != NULL)
        conn->prev->next = conn->next;
    else
        server->conns = conn->next;
    if (conn->next != NULL)
        conn->next->prev = conn->prev;
    server->conn_count--;
    gv_slot_wait_moved(server->slot, (gv_slot_wait)conn->waiting, GV_SLOT_WAITS);
    publish_count(server);
}

gv_conn *gv_conn_open(gv_server *server, int fd, const gv_peer *peer,
                      bool proxy_protocol)
{
    gv_conn *conn = allocate(server);

    memset(conn, 0, sizeof(*conn));
    if (uv_poll_init(&server->loop, &conn->poll, fd) < 0) {
        close(fd);
        free(conn);
        return NULL;
    }
    conn->server = server;
    conn->fd = fd;
    conn->peer = *peer;
    conn->trusted = gv_networks_hold(&server->trusted, peer);
    conn->preface = proxy_protocol;
    enlist(conn);
    gv_conn_wait(conn, GV_CONN_READING, UV_READABLE, GV_WAIT_HEADER);
    return conn;
}

/* ---- closing ---- */

static void on_closed(uv_handle_t *handle)
{
    gv_conn *conn = (gv_conn *)handle;
    gv_server *server = conn->server;

    if (server->spare_count == SPARE_MAX) {
        free(conn);
        return;
    }
    conn->next = server->spare;
    server->spare = conn;
    server->spare_count++;
}

void gv_conn_end_sending(gv_conn *conn)
{
    uint64_t sent = 0;

    if (conn->sending != NULL) {
        sent = conn->sending->body_sent;
        gv_sending_dispose(conn->sending);
        free(conn->sending);
        conn->sending = NULL;
    }
    if (conn->logged != NULL) {
        gv_logged_finish(conn->logged, sent);
        conn->logged = NULL;
    }
}

static void drop_input(gv_conn *conn)
{
    gv_buf_dispose(&conn->pending);
    gv_upload_free(conn->upload);
    conn->upload = NULL;
}

void gv_conn_close(gv_conn *conn)
{
    gv_server *server = conn->server;

    if (conn->state == GV_CONN_CLOSED)
        return;
    conn->state = GV_CONN_CLOSED;
    gv_deadline_clear(&conn->deadline);
    drop_input(conn);
    gv_conn_end_sending(conn);
    delist(conn);
    uv_close((uv_handle_t *)&conn->poll, on_closed); /* first: it looks at the fd */
    close(conn->fd);
    gv_server_end_if_drained(server);
}

static void set_reset(gv_conn *conn, bool on)
{
    const struct linger option = {.l_onoff = on, .l_linger = 0};

    setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &option, sizeof(option));
    conn->resets = on;
}

void gv_conn_end_by_closing(gv_conn *conn)
{
    set_reset(conn, true);
}

void gv_conn_finish(gv_conn *conn)
{
    if (conn->resets)
        set_reset(conn, false);
    if (!conn->linger) {
        gv_conn_close(conn);
        return;
    }
    drop_input(conn);
    shutdown(conn->fd, SHUT_WR);
    gv_conn_wait(conn, GV_CONN_LINGERING, UV_READABLE, GV_WAIT_LINGER);
}

static bool has_unread(const gv_conn *conn)
{
    char byte;

    return recv(conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool gv_conn_is_idle(const gv_conn *conn)
{
    return conn->waiting == GV_WAIT_KEEPALIVE && !has_unread(conn);
}

/* Whether it has been waiting for its next request for as long as a server that drains
 * in some haste waits. */
static bool is_long_idle(const gv_conn *conn)
{
    const gv_server *server = conn->server;
    int64_t since = conn->deadline.at - server->deadlines[GV_WAIT_KEEPALIVE].length_ms;

    return gv_server_now(server) - since >= server->config.timeouts_ms[GV_WAIT_LINGER];
}

/* Whether a request that is on its way would come too late. */
static bool has_to_leave(const gv_conn *conn)
{
    if (conn->server->haste == GV_HASTE_UTMOST)
        return !has_unread(conn);
    return gv_conn_is_idle(conn) && is_long_idle(conn);
}

void gv_conn_drain(gv_conn *conn)
{
    if (conn->state != GV_CONN_READING || conn->pending.len > 0 ||
        conn->upload != NULL || conn->server->haste == GV_HASTE_NONE)
        return;
    if (has_to_leave(conn))
        gv_conn_close(conn);
    else if (conn->waiting != GV_WAIT_LINGER)
        gv_conn_wait(conn, GV_CONN_READING, UV_READABLE, GV_WAIT_LINGER);
}

/* Whether a request has begun to come; empty lines before it are none of it. */
static bool is_under_way(const gv_conn *conn)
{
    if (conn->state != GV_CONN_READING)
        return false;
    for (size_t i = 0; i < conn->pending.len; i++) {
        if (conn->pending.at[i] != '\r' && conn->pending.at[i] != '\n')
            return true;
    }
    return conn->upload != NULL;
}

/* Whether the message that is under way may take longer still. */
static bool is_in_time(gv_conn *conn, int64_t seen_ms)
{
    switch (conn->waiting) {
    case GV_WAIT_BODY:
        return gv_intake_is_in_time(conn, seen_ms);
    case GV_WAIT_WRITE:
        return gv_answer_is_in_time(conn, seen_ms);
    default:
        return false;
    }
}

/* An answer that is not read is reset: closed, the kernel would go on with what it
 * holds. */
static void time_out_sending(gv_conn *conn)
{
    if (conn->state == GV_CONN_SENDING)
        set_reset(conn, true);
    gv_conn_close(conn);
}

void gv_conn_time_out(gv_conn *conn, int64_t seen_ms)
{
    gv_server *server = conn->server;

    if (is_in_time(conn, seen_ms))
        gv_deadline_set(&server->deadlines[conn->waiting], &conn->deadline,
                        gv_server_now(server));
    else if (is_under_way(conn))
        gv_intake_refuse(conn, 408);
    else
        time_out_sending(conn);
}

/* ---- events ---- */

/* Bytes read into the server's input buffer; 0 at the end of file, or GV_AGAIN or
 * GV_FAILED. */
static ssize_t receive(gv_conn *conn)
{
    ssize_t n;

    do {
        n = recv(conn->fd, conn->server->input, GV_INPUT_SIZE, 0);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? GV_AGAIN : GV_FAILED;
    gv_counter_add(&conn->server->slot->bytes_in, (uint64_t)n);
    return n;
}

/* Answers are sent before more is read, so a client that has only shut its side down has
 * got them.  What may be under way is a request cut short. */
static void on_end_of_file(gv_conn *conn)
{
    if (is_under_way(conn))
        gv_intake_refuse(conn, 400);
    else
        gv_conn_close(conn);
}

static void on_readable(gv_conn *conn)
{
    ssize_t n = receive(conn);

    if (n == GV_AGAIN)
        return;
    if (n == GV_FAILED)
        gv_conn_close(conn);
    else if (n == 0)
        on_end_of_file(conn);
    else if (conn->state == GV_CONN_READING)
        gv_intake_take(conn, conn->server->input, (size_t)n);
}

static void on_event(uv_poll_t *poll, int status, int events)
{
    gv_conn *conn = (gv_conn *)poll;

    if (status < 0 || events & UV_DISCONNECT)
        gv_conn_close(conn);
    else if (conn->state == GV_CONN_SENDING)
        gv_intake_resume(conn);
    else if (events & UV_READABLE)
        on_readable(conn);
}
