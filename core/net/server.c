#include "net/server.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/conn.h"
#include "net/control.h"
#include "net/listener.h"
#include "net/pause.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>

/* How long log lines wait at most; a time-out is noticed up to two ticks late. */
enum { TICK_LONGEST_MS = 500, TICK_SHORTEST_MS = 10, TICKS_A_TIMEOUT = 8 };

enum { STALE_NS = 1000 * 1000 /* the loop's clock counts milliseconds */ };

/* ---- making ---- */

/* Ids differ between workers and runs, and count up within one. */
static uint64_t first_id(void)
{
    uint64_t id = 0;

    if (getrandom(&id, sizeof(id), 0) != sizeof(id))
        id = (uint64_t)gv_clock_monotonic_ns();
    return id;
}

/* GV_OK, or GV_FAILED with errno. */
static int open_loop(gv_server *server)
{
    int error = uv_loop_init(&server->loop);

    if (error == 0) {
        /* The first signal handle opens a pipe; nothing behind it can fail. */
        error = uv_signal_init(&server->loop, &server->on_term);
        if (error < 0)
            uv_loop_close(&server->loop);
    }
    if (error < 0) {
        errno = -error;
        return GV_FAILED;
    }
    uv_signal_init(&server->loop, &server->on_quit);
    uv_signal_init(&server->loop, &server->on_int);
    uv_timer_init(&server->loop, &server->tick);
    uv_timer_init(&server->loop, &server->leave_to);
    uv_prepare_init(&server->loop, &server->turn_end);
    server->loop.data = server;
    return GV_OK;
}

static void init_deadlines(gv_server *server)
{
    for (gv_wait wait = 0; wait < GV_WAITS; wait++) {
        int64_t length = server->config.timeouts_ms[wait];

        if (gv_wait_is_paced(wait)) {
            server->paces[wait] = (gv_pace_rule){length, server->config.min_rate};
            length = gv_pace_interval(&server->paces[wait]);
        }
        gv_deadlines_init(&server->deadlines[wait], length);
    }
    gv_pauses_init(server);
}

static void keep_time(gv_server *server)
{
    server->wall_offset_ms = gv_clock_wall_ms() - gv_server_now(server);
    atomic_store_explicit(&server->slot->heartbeat_ms, gv_clock_monotonic_ms(),
                          memory_order_relaxed);
}

gv_server *gv_server_new(const gv_server_config *config, gv_router *router, gv_app app)
{
    gv_server *server = gv_calloc(1, sizeof(*server));

    if (open_loop(server) != GV_OK) {
        free(server);
        return NULL;
    }
    server->config = *config;
    server->router = router;
    server->app = app;
    server->slot = &server->own_slot;
    server->left_to = GV_SHARE_OWN;
    server->input = gv_malloc(GV_INPUT_SIZE);
    server->fixed.server = config->server_header;
    server->last_id = first_id();
    server->access_log.fd = -1;
    gv_parser_init(&server->parser, &config->head);
    server->config.body.spent = &server->body_disk_spent;
    init_deadlines(server);
    keep_time(server);
    return server;
}

int gv_server_set_access_log(gv_server *server, int fd, const char *format)
{
    gv_access_log_dispose(&server->access_log);
    return gv_access_log_init(&server->access_log, fd, format);
}

void gv_server_set_slot(gv_server *server, gv_scoreboard *board, unsigned index)
{
    server->board = board;
    server->slot = &board->slots[index];
}

void gv_server_set_proxies(gv_server *server, gv_networks *trusted,
                           gv_forwarding forwarding)
{
    gv_networks_dispose(&server->trusted);
    server->trusted = *trusted;
    server->forwarding = forwarding;
    *trusted = (gv_networks){0};
}

int gv_server_listen(gv_server *server, int fd, bool proxy_protocol)
{
    gv_listener *listener = gv_listener_new(server, fd, proxy_protocol);

    if (listener == NULL)
        return GV_FAILED;
    listener->index = server->listener_count++;
    listener->next = server->listeners;
    server->listeners = listener;
    return GV_OK;
}

int gv_server_set_control(gv_server *server, int fd)
{
    server->control = gv_control_new(server, fd);
    return server->control != NULL ? GV_OK : GV_FAILED;
}

/* ---- time ---- */

int64_t gv_server_attended(const gv_server *server)
{
    int64_t since = gv_server_now(server) - server->ticked_ms;
    int64_t most = 2 * server->tick_ms;

    return server->attended_ms + (since < most ? since : most);
}

/* Only what was due at the tick before: all that had come by then has been read since,
 * however long application code held the loop up. */
static void expire(gv_server *server)
{
    int64_t due_by = server->ticked_ms;
    int64_t seen = server->attended_ms;

    server->attended_ms = gv_server_attended(server);
    server->ticked_ms = gv_server_now(server);
    for (int wait = 0; wait < GV_WAITS; wait++) {
        gv_deadlines *list = &server->deadlines[wait];
        gv_deadline *due;

        while ((due = gv_deadlines_due(list, due_by)) != NULL) {
            gv_deadline_clear(due);
            gv_conn_time_out(gv_conn_of(due), seen);
        }
    }
}

int64_t gv_server_turn(gv_server *server)
{
    if (server->turn_ns == 0)
        server->turn_ns = server->fresh_ns = gv_clock_monotonic_ns();
    return server->turn_ns;
}

void gv_server_catch_up(gv_server *server, int64_t now_ns)
{
    if (now_ns - server->fresh_ns < STALE_NS)
        return;
    gv_server_update_now(server);
    server->fresh_ns = now_ns;
}

/* No connection waits for longer than a tick, whoever was woken for it and died. */
void gv_server_look(gv_server *server)
{
    for (gv_listener *it = server->listeners; it != NULL; it = it->next) {
        if (it->paused)
            gv_listener_start(it);
        else
            gv_listener_look(it);
    }
}

static void on_tick(uv_timer_t *timer)
{
    gv_server *server = timer->loop->data;

    keep_time(server);
    expire(server);
    gv_server_look(server);
    gv_access_log_flush(&server->access_log);
}

static void on_turn_end(uv_prepare_t *handle)
{
    gv_server *server = handle->loop->data;

    server->turn++;
    server->turn_ns = 0;
    gv_open_files_release(&server->kept);
}

/* Often enough for the shortest time-out there is. */
static uint64_t tick_length(const gv_server *server)
{
    int64_t length = TICK_LONGEST_MS;

    for (int wait = 0; wait < GV_WAITS; wait++) {
        int64_t timeout = server->config.timeouts_ms[wait];

        if (timeout > 0 && timeout / TICKS_A_TIMEOUT < length)
            length = timeout / TICKS_A_TIMEOUT;
    }
    return (uint64_t)(length > TICK_SHORTEST_MS ? length : TICK_SHORTEST_MS);
}

/* ---- running ---- */

static void on_signal(uv_signal_t *handle, int number)
{
    gv_server *server = handle->loop->data;

    (void)number;
    /* A master says "stop"; its "drain" and a signal to all may come together. */
    if (server->draining && server->control == NULL)
        gv_server_stop(server);
    else
        gv_server_drain(server, GV_HASTE_SOME);
}

/* Without one, the master sees to it, some seconds later. */
static void start_watchdog(gv_server *server)
{
    int control = server->control != NULL ? server->control->fd : -1;

    if (control < 0 && server->config.request_ms == 0)
        return;
    server->watchdog = gv_watchdog_new(server, control);
    if (server->watchdog == NULL)
        gv_log(GV_WARNING, "there is no watchdog: %s", strerror(errno));
}

static void start(gv_server *server)
{
    uint64_t length = tick_length(server);

    keep_time(server);
    server->tick_ms = (int64_t)length;
    server->ticked_ms = gv_server_now(server);
    uv_timer_start(&server->tick, on_tick, length, length);
    uv_prepare_start(&server->turn_end, on_turn_end);
    uv_signal_start(&server->on_term, on_signal, SIGTERM);
    uv_signal_start(&server->on_quit, on_signal, SIGQUIT);
    if (server->control == NULL)
        uv_signal_start(&server->on_int, on_signal, SIGINT);
    for (gv_listener *it = server->listeners; it != NULL; it = it->next)
        gv_listener_start(it);
    start_watchdog(server);
    atomic_store_explicit(&server->slot->state, GV_SLOT_READY, memory_order_relaxed);
    if (server->control != NULL)
        gv_control_ready(server->control);
}

/* All of them, or those that are not kept. */
static void close_listeners(gv_server *server, bool all)
{
    gv_listener **link = &server->listeners;

    while (*link != NULL) {
        gv_listener *listener = *link;

        if (listener->kept && !all) {
            link = &listener->next;
            continue;
        }
        *link = listener->next;
        gv_listener_close(listener);
    }
}

/* Undoes start(), and drops the connections that are left. */
static void end(gv_server *server)
{
    close_listeners(server, true);
    while (server->conns != NULL)
        gv_conn_close(server->conns);
    gv_watchdog_free(server->watchdog);
    server->watchdog = NULL;
    uv_timer_stop(&server->tick);
    uv_timer_stop(&server->leave_to);
    gv_pauses_end(server);
    uv_prepare_stop(&server->turn_end);
    uv_signal_stop(&server->on_term);
    uv_signal_stop(&server->on_quit);
    uv_signal_stop(&server->on_int);
    gv_open_files_release(&server->kept);
    gv_access_log_finish(&server->access_log);
}

void gv_server_run(gv_server *server)
{
    gv_log_set_slot(server->slot);
    start(server);
    if (!server->stopped)
        uv_run(&server->loop, UV_RUN_DEFAULT);
    end(server);
    gv_log_set_slot(NULL);
}

bool gv_server_give_up_idle(gv_server *server)
{
    gv_deadlines *list = &server->deadlines[GV_WAIT_KEEPALIVE];
    gv_deadline *it = gv_deadlines_first(list);

    while (it != NULL &&
           (gv_conn_of(it) == server->working || !gv_conn_is_idle(gv_conn_of(it))))
        it = gv_deadlines_next(list, it);
    if (it != NULL)
        gv_conn_close(gv_conn_of(it));
    return it != NULL;
}

bool gv_server_find_descriptor(gv_server *server, int error)
{
    bool found = gv_server_is_short_of(error) && gv_server_give_up_idle(server);

    errno = error;
    return found;
}

void gv_server_keep_listening(gv_server *server, unsigned index)
{
    for (gv_listener *it = server->listeners; it != NULL; it = it->next) {
        if (it->index == index)
            it->kept = true;
    }
}

static void empty_listeners(gv_server *server)
{
    for (gv_listener *it = server->listeners; it != NULL; it = it->next)
        gv_listener_empty(it);
}

void gv_server_drain(gv_server *server, gv_haste haste)
{
    gv_conn *next;

    if (server->draining && haste <= server->haste)
        return;
    server->draining = true;
    server->haste = haste;
    atomic_store_explicit(&server->slot->state, GV_SLOT_DRAINING, memory_order_relaxed);
    empty_listeners(server);
    close_listeners(server, haste == GV_HASTE_UTMOST);
    for (gv_conn *conn = server->conns; conn != NULL; conn = next) {
        next = conn->next;
        gv_conn_drain(conn);
    }
    gv_server_end_if_drained(server);
}

void gv_server_end_if_drained(gv_server *server)
{
    if (!server->draining || server->conn_count > 0)
        return;
    empty_listeners(server); /* those that were kept until now */
    if (server->conn_count == 0)
        gv_server_stop(server);
}

void gv_server_stop(gv_server *server)
{
    server->stopped = true;
    uv_stop(&server->loop);
}

/* ---- the end ---- */

static void free_spare(gv_server *server)
{
    while (server->spare != NULL) {
        gv_conn *conn = server->spare;

        server->spare = conn->next;
        free(conn);
    }
}

static void close_loop(gv_server *server)
{
    if (server->control != NULL)
        gv_control_close(server->control);
    uv_close((uv_handle_t *)&server->tick, NULL);
    uv_close((uv_handle_t *)&server->leave_to, NULL);
    uv_close((uv_handle_t *)&server->pause_end, NULL);
    uv_close((uv_handle_t *)&server->turn_end, NULL);
    uv_close((uv_handle_t *)&server->on_term, NULL);
    uv_close((uv_handle_t *)&server->on_quit, NULL);
    uv_close((uv_handle_t *)&server->on_int, NULL);
    /* More than once where gv_server_stop() came behind the last run. */
    while (uv_loop_close(&server->loop) == UV_EBUSY)
        uv_run(&server->loop, UV_RUN_DEFAULT);
}

void gv_server_free(gv_server *server)
{
    end(server);
    close_loop(server);
    free_spare(server);
    gv_access_log_dispose(&server->access_log);
    gv_networks_dispose(&server->trusted);
    gv_parser_dispose(&server->parser);
    gv_buf_dispose(&server->output);
    gv_buf_dispose(&server->path);
    gv_buf_dispose(&server->fields);
    free(server->input);
    free(server);
}
