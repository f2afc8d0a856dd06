#include "net/pause.h"

#include "net/intake.h"

/* Its deadline leaves the list of those that are waited for. */
static void go_on(gv_conn *conn)
{
    gv_server *server = conn->server;

    gv_deadline_set(&server->deadlines[GV_WAIT_WRITE], &conn->deadline,
                    gv_server_now(server));
    gv_intake_resume(conn);
}

static void on_timer(uv_timer_t *timer)
{
    gv_server *server = timer->loop->data;
    int64_t now = gv_server_now(server);
    gv_deadline *due;

    while ((due = gv_deadlines_due(&server->pauses, now)) != NULL)
        go_on(gv_conn_of(due));
    due = gv_deadlines_first(&server->pauses);
    if (due != NULL)
        uv_timer_start(timer, on_timer, (uint64_t)(due->at - now), 0);
}

void gv_pauses_init(gv_server *server)
{
    gv_deadlines_init(&server->pauses, GV_PAUSE_MS);
    uv_timer_init(&server->loop, &server->pause_end);
}

void gv_pauses_end(gv_server *server)
{
    uv_timer_stop(&server->pause_end);
}

void gv_pause_begin(gv_conn *conn)
{
    gv_server *server = conn->server;
    bool is_first = gv_deadlines_first(&server->pauses) == NULL;

    gv_conn_wait(conn, GV_CONN_SENDING, UV_DISCONNECT, GV_WAIT_WRITE);
    gv_deadline_set(&server->pauses, &conn->deadline, gv_server_now(server));
    if (is_first)
        uv_timer_start(&server->pause_end, on_timer, GV_PAUSE_MS, 0);
}
