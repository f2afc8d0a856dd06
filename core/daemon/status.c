#include "daemon/status.h"

#include "base/clock.h"
#include "base/log.h"
#include "daemon/worker.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { PAUSE_MS = 1000, ACCEPTS_A_TURN = 8 };

static const gv_parser_limits limits = {
    .request_line = 2048, .headers = 8192, .header_count = 64};

void gv_status_use(gv_status *status, gv_sockets *sockets, gv_socket_set *set)
{
    if (status->sockets != NULL)
        gv_sockets_release(status->sockets, &status->listeners);
    else
        gv_parser_init(&status->scratch.parser, &limits);
    status->sockets = sockets;
    status->listeners = *set;
    *set = (gv_socket_set){0};
}

static gv_status_conn **unlink_from(gv_status *status, gv_status_conn **link)
{
    gv_status_conn *conn = *link;

    *link = conn->next;
    status->conn_count--;
    gv_status_conn_free(conn);
    return link;
}

void gv_status_close(gv_status *status)
{
    if (status->sockets == NULL)
        return;
    while (status->conns != NULL)
        unlink_from(status, &status->conns);
    gv_sockets_release(status->sockets, &status->listeners);
    gv_parser_dispose(&status->scratch.parser);
    *status = (gv_status){0};
}

/* The one that is nearest to its time-out: whoever holds connections open to keep others
 * out loses them first. */
static void drop_one(gv_status *status)
{
    gv_status_conn **worst = &status->conns;

    for (gv_status_conn **link = worst; *link != NULL; link = &(*link)->next) {
        if ((*link)->due_ms < (*worst)->due_ms)
            worst = link;
    }
    unlink_from(status, worst);
}

static void take(gv_status *status, int fd, int64_t now_ms)
{
    gv_status_conn *conn = gv_status_conn_new(fd, now_ms);

    if (status->conn_count == GV_STATUS_CONNS)
        drop_one(status);
    conn->next = status->conns;
    status->conns = conn;
    status->conn_count++;
}

/* Out of descriptors, the socket stays readable: without a pause we would spin. */
static void pause_accepting(gv_status *status, int64_t now_ms)
{
    static int64_t last_ms;

    gv_log_seldom(&last_ms, GV_WARNING, "clients of status.listen wait: %s",
                  strerror(errno));
    status->paused_until_ms = now_ms + PAUSE_MS;
}

static void accept_from(gv_status *status, int listener, int64_t now_ms)
{
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0) {
            take(status, fd, now_ms);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            pause_accepting(status, now_ms);
        return;
    }
}

void gv_status_advance(gv_status *status, const struct gv_master *master)
{
    gv_status_conn **link = &status->conns;
    int64_t now_ms = gv_clock_monotonic_ms();

    for (size_t i = 0; i < status->listeners.count; i++) {
        if (now_ms >= status->paused_until_ms)
            accept_from(status, gv_socket_fd(status->listeners.at[i]), now_ms);
    }
    while (*link != NULL) {
        if (gv_status_conn_advance(*link, &status->scratch, master, now_ms))
            link = &(*link)->next;
        else
            link = unlink_from(status, link);
    }
}

static bool is_paused(const gv_status *status)
{
    return status->paused_until_ms != 0 &&
           gv_clock_monotonic_ms() < status->paused_until_ms;
}

size_t gv_status_poll_count(const gv_status *status)
{
    return status->listeners.count + status->conn_count;
}

size_t gv_status_poll(const gv_status *status, struct pollfd *polled)
{
    size_t count = 0;

    for (size_t i = 0; i < status->listeners.count && !is_paused(status); i++)
        polled[count++] = (struct pollfd){.fd = gv_socket_fd(status->listeners.at[i]),
                                          .events = POLLIN};
    for (const gv_status_conn *conn = status->conns; conn; conn = conn->next)
        polled[count++] =
            (struct pollfd){.fd = conn->fd, .events = gv_status_conn_events(conn)};
    return count;
}

int64_t gv_status_due(const gv_status *status)
{
    int64_t due = is_paused(status) ? status->paused_until_ms : GV_NEVER;

    for (const gv_status_conn *conn = status->conns; conn; conn = conn->next) {
        if (conn->due_ms < due)
            due = conn->due_ms;
    }
    return due;
}
