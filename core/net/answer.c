#include "net/answer.h"

#include "base/clock.h"
#include "base/mem.h"
#include "http/status.h"

enum { COPIED_BODY = 16 * 1024 /* a larger one is sent from where it is */ };

/* Whether the body is left out: the head says what it would have been. */
static bool is_bodiless(const gv_exchange *ex)
{
    return ex->req->method == GV_HEAD || gv_status_is_bodiless(ex->res.status);
}

/* What the head says of the body's length: bytes, or a GV_LENGTH_*. */
static int64_t framing_of(const gv_exchange *ex)
{
    const gv_payload *payload = &ex->res.payload;

    if (gv_status_is_bodiless(ex->res.status))
        return GV_LENGTH_NONE;
    switch (payload->kind) {
    case GV_PAYLOAD_BYTES:
        return (int64_t)payload->bytes.len;
    case GV_PAYLOAD_FILE:
        return (int64_t)gv_payload_file_length(payload);
    case GV_PAYLOAD_STREAM:
        return ex->req->minor == 0 ? GV_LENGTH_UNTIL_CLOSE : GV_LENGTH_CHUNKED;
    default:
        return 0;
    }
}

static void write_head(gv_conn *conn, const gv_exchange *ex, int64_t framing)
{
    gv_server *server = conn->server;
    bool is_empty = gv_status_is_bodiless(ex->res.status);
    gv_head head = {
        .status = ex->res.status,
        .minor = ex->req->minor,
        .keep_alive = !conn->last,
        .content_length = framing,
        .content_type = is_empty ? GV_SLICE_NONE : ex->res.content_type,
        .fields = gv_buf_slice(&ex->res.fields),
    };
    char id[GV_REQUEST_ID_TEXT];

    if (!gv_fields_have(head.fields, GV_SLICE("X-Request-ID")))
        head.request_id = gv_exchange_id(ex, id);

    gv_fixed_fields_update(&server->fixed, gv_server_wall(server));
    gv_head_write(&server->output, &head, &server->fixed);
}

/* Copies a small body into the output; another waits in a gv_sending of its own.
 * Returns the bytes copied. */
static uint64_t put_body(gv_conn *conn, gv_exchange *ex, int64_t framing)
{
    gv_payload *payload = &ex->res.payload;

    if (payload->kind == GV_PAYLOAD_NONE || is_bodiless(ex))
        return 0;
    if (payload->kind == GV_PAYLOAD_BYTES && payload->bytes.len <= COPIED_BODY) {
        gv_buf_append_slice(&conn->server->output, payload->bytes);
        return payload->bytes.len;
    }
    conn->sending = gv_calloc(1, sizeof(*conn->sending));
    conn->sending->payload = *payload;
    conn->sending->chunked = framing == GV_LENGTH_CHUNKED;
    *payload = (gv_payload){.kind = GV_PAYLOAD_NONE};
    return 0;
}

/* How long it took is counted from when the loop saw that something had come, so with
 * the wait for others' turns.  The loop's clock goes on, if that was long. */
static void count(const gv_exchange *ex)
{
    gv_server *server = ex->server;
    int64_t begun_ns = gv_server_turn(server);
    int64_t now_ns = gv_clock_monotonic_ns();

    gv_server_catch_up(server, now_ns);
    gv_slot_answered(server->slot, ex->router, ex->res.status,
                     (uint64_t)(now_ns - begun_ns) / 1000);
}

void gv_answer_put(gv_conn *conn, gv_exchange *ex, int64_t started_us)
{
    gv_server *server = conn->server;
    int64_t framing = framing_of(ex);
    uint64_t copied;

    count(ex);
    if (!ex->req->keep_alive || ex->res.close || server->draining ||
        framing == GV_LENGTH_UNTIL_CLOSE)
        conn->last = true;
    if (framing == GV_LENGTH_UNTIL_CLOSE)
        gv_conn_end_by_closing(conn);
    if (server->draining)
        conn->linger = true; /* its client did not know that this was the last */
    write_head(conn, ex, framing);
    copied = put_body(conn, ex, framing);
    if (server->access_log.fd >= 0 && conn->sending != NULL)
        conn->logged = gv_logged_new(ex, started_us);
    else if (server->access_log.fd >= 0)
        gv_logged_now(ex, started_us, copied);
    gv_payload_dispose(&ex->res.payload);
}

/* What the socket did not take of the output goes before everything else. */
static void hold_back(gv_conn *conn, gv_slice rest)
{
    if (conn->sending == NULL)
        conn->sending = gv_calloc(1, sizeof(*conn->sending));
    gv_buf_append_slice(&conn->sending->text, rest);
}

static void wait_for_socket(gv_conn *conn)
{
    gv_sending_wait(conn->sending, conn->fd, &conn->server->paces[GV_WAIT_WRITE],
                    gv_server_attended(conn->server));
}

int gv_answer_flush(gv_conn *conn)
{
    gv_buf *output = &conn->server->output;
    uint64_t passed;
    int outcome;

    if (conn->sending == NULL && output->len > 0) {
        size_t sent;

        outcome = gv_send(conn->fd, gv_buf_slice(output), &sent);
        gv_counter_add(&conn->server->slot->bytes_out, sent);
        if (outcome == GV_AGAIN) {
            hold_back(conn, gv_slice_from(gv_buf_slice(output), sent));
            conn->sending->is_blocked = true;
            wait_for_socket(conn);
        }
        output->len = 0;
        return outcome;
    }
    if (conn->sending == NULL)
        return GV_OK;
    hold_back(conn, gv_buf_slice(output));
    output->len = 0;
    passed = conn->sending->passed;
    gv_sending_resume(conn->sending, gv_server_attended(conn->server));
    outcome = gv_sending_go_on(conn->sending, conn->fd);
    gv_counter_add(&conn->server->slot->bytes_out, conn->sending->passed - passed);
    gv_server_update_now(conn->server);
    if (outcome == GV_OK)
        gv_conn_end_sending(conn);
    else if (outcome == GV_AGAIN)
        wait_for_socket(conn);
    return outcome;
}

bool gv_answer_is_in_time(gv_conn *conn, int64_t seen_ms)
{
    return gv_sending_is_in_time(conn->sending, conn->fd,
                                 &conn->server->paces[GV_WAIT_WRITE], seen_ms);
}
