#include "net/intake.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/proxy_protocol.h"
#include "net/answer.h"
#include "net/pause.h"

#include <stddef.h>
#include <stdlib.h>

enum {
    OUTPUT_FULL = 64 * 1024 /* answers to pipelined requests leave in such blocks */
};

/* A request whose body has not all come: its head, and the body so far. */
struct gv_upload {
    gv_request req; /* slices into `head` */
    gv_body body;
    gv_pace pace;
    int64_t started_us;
    gv_slice head;       /* behind `headers`, in the same block */
    gv_header headers[]; /* req.header_count */
};

void gv_upload_free(gv_upload *upload)
{
    if (upload == NULL)
        return;
    gv_body_dispose(&upload->body);
    free(upload);
}

static int64_t start_time(const gv_server *server)
{
    return server->access_log.fd >= 0 ? gv_clock_monotonic_ns() / 1000 : 0;
}

/* ---- answering ---- */

/* Begins an exchange of this connection, its body and answer still empty.  What is
 * reserved for the match's arguments is not cleared: much, of which little is used. */
static void open_exchange(gv_exchange *ex, gv_conn *conn, const gv_request *req,
                          gv_slice head)
{
    gv_server *server = conn->server;
    bool is_known = req->client.family != AF_UNSPEC;

    memset(ex, 0, offsetof(gv_exchange, match.args));
    ex->server = server;
    ex->peer = is_known ? &req->client : &conn->peer;
    ex->req = req;
    ex->head = head;
    ex->body_fd = -1;
    ex->id = ++server->last_id;
    ex->method = req->method;
    ex->router = -1;
    ex->res.fields = server->fields;
    ex->res.fields.len = 0;
    gv_server_turn(server); /* before anything that takes its time */
}

static void answer(gv_conn *conn, gv_exchange *ex, int64_t started_us)
{
    gv_answer_put(conn, ex, started_us);
    conn->server->fields = ex->res.fields;
}

/* Answers with an error, after which nothing on the connection can be trusted. */
static void refuse(gv_conn *conn, const gv_request *req, gv_slice head, int status)
{
    gv_exchange ex;

    open_exchange(&ex, conn, req, head);
    ex.res.close = true;
    ex.is_failing = head.len == 0; /* what is no request the application does not see */
    conn->linger = true;
    if (status == 503)
        gv_exchange_unavailable(&ex);
    else
        gv_exchange_error(&ex, status);
    answer(conn, &ex, start_time(conn->server));
}

/* As refuse(), where no head could be made out. */
static void refuse_unparsed(gv_conn *conn, int status)
{
    static const gv_request unknown = {.method = GV_GET,
                                       .method_name = {"-", 1},
                                       .target = {"-", 1},
                                       .raw_path = {"-", 1},
                                       .minor = 1,
                                       .content_length = -1};

    refuse(conn, &unknown, GV_SLICE_NONE, status);
}

/* ---- requests ---- */

/* The head is kept; so is the framing state behind it. */
static gv_upload *begin_upload(gv_conn *conn, const gv_request *req, gv_slice head)
{
    gv_server *server = conn->server;
    size_t headers = req->header_count * sizeof(gv_header);
    gv_upload *upload = gv_malloc(sizeof(*upload) + headers + head.len);
    char *copy = (char *)upload->headers + headers;

    memcpy(copy, head.at, head.len);
    upload->head = (gv_slice){copy, head.len};
    upload->req = *req;
    upload->started_us = start_time(server);
    gv_request_move(&upload->req, head.at, head.len, copy, upload->headers);
    gv_body_init(&upload->body, &server->parser, &server->config.body);
    gv_pace_begin(&upload->pace, &server->paces[GV_WAIT_BODY],
                  gv_server_attended(server));
    return upload;
}

/* Before the body of a client that waits to be asked for it (RFC 9110, section
 * 10.1.1); one that has begun to send it does not wait. */
static void invite_body(gv_conn *conn, const gv_request *req, size_t behind)
{
    if (req->expect_continue && req->minor > 0 && behind == 0)
        gv_buf_append_literal(&conn->server->output, "HTTP/1.1 100 Continue\r\n\r\n");
}

static void answer_whole(gv_conn *conn, const gv_request *req, gv_slice head,
                         gv_slice body)
{
    gv_exchange ex;
    int64_t started_us;

    open_exchange(&ex, conn, req, head);
    started_us = start_time(conn->server);
    ex.body = body;
    ex.body_len = body.len;
    gv_exchange_run(&ex);
    answer(conn, &ex, started_us);
}

static void answer_upload(gv_conn *conn)
{
    gv_upload *upload = conn->upload;
    gv_exchange ex;

    open_exchange(&ex, conn, &upload->req, upload->head);
    conn->upload = NULL;
    ex.body = gv_buf_slice(&upload->body.memory);
    ex.body_fd = upload->body.fd;
    ex.body_len = upload->body.len;
    gv_exchange_run(&ex);
    answer(conn, &ex, upload->started_us);
    gv_upload_free(upload);
}

/* Whether the end of the body can not be told (RFC 1945, section 7.2.2). */
static bool lacks_length(const gv_request *req)
{
    return req->minor == 0 && req->content_length < 0 &&
           (req->method == GV_POST || req->method == GV_PUT || req->method == GV_PATCH);
}

/* Takes one request whose head is there.  Returns the bytes used. */
static size_t take_request(gv_conn *conn, const gv_request *req, gv_slice input,
                           size_t head_len)
{
    gv_slice head = {input.at, head_len};
    gv_slice behind = gv_slice_from(input, head_len);
    uint64_t length = req->content_length > 0 ? (uint64_t)req->content_length : 0;

    if (lacks_length(req) || length > conn->server->config.body.each) {
        refuse(conn, req, head, lacks_length(req) ? 411 : 413);
        return input.len;
    }
    if (!req->chunked && length <= behind.len) {
        answer_whole(conn, req, head, (gv_slice){behind.at, length});
        return head_len + length;
    }
    conn->upload = begin_upload(conn, req, head);
    invite_body(conn, req, behind.len);
    return head_len;
}

/* That the server is at fault is for its log. */
static void complain(const gv_body *body)
{
    static int64_t last_ms;

    if (body->status == 503)
        gv_log_seldom(&last_ms, GV_ERROR, "a body is refused: %s", body->reason);
    else
        gv_log(GV_DEBUG, "a body is refused: %s", body->reason);
}

/* Feeds the body that is under way.  Returns the bytes used. */
static size_t take_body(gv_conn *conn, gv_slice input)
{
    gv_upload *upload = conn->upload;
    ssize_t used = gv_body_feed(&upload->body, input.at, input.len);

    gv_pace_add(&upload->pace, &conn->server->paces[GV_WAIT_BODY], input.len,
                gv_server_attended(conn->server));
    if (used < 0) {
        conn->upload = NULL;
        complain(&upload->body);
        refuse(conn, &upload->req, upload->head, upload->body.status);
        gv_upload_free(upload);
        return input.len;
    }
    if (upload->body.complete)
        answer_upload(conn);
    return (size_t)used;
}

/* Whether another try at the head in `pending` can tell more than the last: it has
 * a line more, or twice the bytes, or too many.  So a head that comes byte by byte is
 * parsed a number of times that its lines bound, not its bytes. */
static bool is_worth_parsing(const gv_conn *conn, gv_slice input)
{
    size_t before = conn->parsed;

    if (before == 0 || input.len >= 2 * before || input.len > conn->most)
        return true;
    return memchr(input.at + before, '\n', input.len - before) != NULL;
}

/* GV_OK: `*used` bytes made a request, or part of one's body.  GV_AGAIN: more must
 * come first. */
static int take_next(gv_conn *conn, gv_slice input, size_t *used)
{
    gv_parser *parser = &conn->server->parser;
    gv_request req;
    ssize_t head_len;

    if (conn->upload != NULL) {
        *used = take_body(conn, input);
        return GV_OK;
    }
    if (!is_worth_parsing(conn, input))
        return GV_AGAIN;
    head_len = gv_parser_head(parser, &req, input.at, input.len);
    if (head_len == GV_AGAIN) {
        conn->parsed = input.len;
        conn->most = parser->most;
        return GV_AGAIN;
    }
    conn->parsed = 0;
    if (head_len >= 0) {
        req.https = conn->https;
        if (conn->trusted)
            gv_forwarded_apply(&req, &conn->server->trusted, conn->server->forwarding);
        *used = take_request(conn, &req, input, (size_t)head_len);
        return GV_OK;
    }
    gv_log(GV_DEBUG, "a request was refused: %s", parser->reason);
    refuse_unparsed(conn, parser->status);
    *used = input.len;
    return GV_OK;
}

/* Takes requests until the input falls short, or an answer must leave first. */
static int take_some(gv_conn *conn, gv_slice input, size_t *used)
{
    while (*used < input.len && !conn->last) {
        size_t more = 0;

        if (conn->sending != NULL || conn->server->output.len >= OUTPUT_FULL)
            return GV_OK;
        if (take_next(conn, gv_slice_from(input, *used), &more) == GV_AGAIN)
            return GV_AGAIN;
        *used += more;
    }
    return *used < input.len && !conn->last ? GV_OK : GV_AGAIN;
}

/* ---- input ---- */

/* The bytes behind `used` wait for the rest of their request. */
static void keep(gv_conn *conn, gv_slice input, size_t used)
{
    if (input.at == conn->pending.at)
        gv_buf_consume(&conn->pending, used);
    else
        gv_buf_append_slice(&conn->pending, gv_slice_from(input, used));
    if (conn->pending.len == 0 && conn->pending.cap > 0)
        gv_buf_dispose(&conn->pending);
}

/* Having used all that is there: for what does the connection wait? */
static void wait_for_input(gv_conn *conn, bool progress)
{
    gv_wait waiting = GV_WAIT_KEEPALIVE;

    if (conn->upload != NULL)
        waiting = GV_WAIT_BODY;
    else if (conn->pending.len > 0)
        waiting = GV_WAIT_HEADER;
    /* The time for a head runs from its first byte, not from its latest. */
    if (waiting == GV_WAIT_HEADER && conn->waiting == GV_WAIT_HEADER && !progress)
        return;
    gv_conn_wait(conn, GV_CONN_READING, UV_READABLE, waiting);
}

/* Having sent what there is, or what the socket takes: for what does the rest wait? */
static void wait_to_send(gv_conn *conn)
{
    if (conn->sending->is_paused)
        gv_pause_begin(conn);
    else
        gv_conn_wait(conn, GV_CONN_SENDING, UV_WRITABLE, GV_WAIT_WRITE);
}

/* Takes requests and sends answers in turn, until either has to wait. */
static void work(gv_conn *conn, gv_slice input)
{
    size_t used = 0;
    int taken, sent;

    conn->server->working = conn;
    do {
        taken = take_some(conn, input, &used);
        sent = gv_answer_flush(conn);
    } while (taken == GV_OK && sent == GV_OK);
    conn->server->working = NULL;
    if (sent == GV_FAILED) {
        gv_conn_close(conn);
        return;
    }
    if (conn->last && used < input.len)
        conn->linger = true;
    keep(conn, input, conn->last ? input.len : used);
    if (sent == GV_AGAIN)
        wait_to_send(conn);
    else if (conn->last)
        gv_conn_finish(conn);
    else
        wait_for_input(conn, used > 0);
    if (conn->server->draining)
        gv_conn_drain(conn); /* its head was out before the server drained */
}

/* Whom the header names is the peer from here on, where the proxy may say so; from
 * anyone else it changes nothing.  A client that it can not name is somebody, of whose
 * fields the proxy has read none. */
static void meet_client(gv_conn *conn, const gv_proxy_header *header)
{
    if (!conn->trusted || header->is_local)
        return;
    if (header->client.family != AF_UNSPEC)
        conn->peer = header->client;
    conn->trusted = header->client.family != AF_UNSPEC &&
                    gv_networks_hold(&conn->server->trusted, &header->client);
}

static void refuse_proxy(gv_conn *conn)
{
    char text[GV_PEER_TEXT];
    gv_slice peer = gv_peer_text(&conn->peer, text);

    gv_log(GV_DEBUG, "a connection from %.*s was closed: it has no PROXY header",
           (int)peer.len, peer.at);
    gv_conn_close(conn);
}

/* GV_OK: the requests begin after the first `*used` bytes; GV_AGAIN: the header has not
 * all come; GV_BAD: the connection is closed. */
static int take_proxy_header(gv_conn *conn, gv_slice input, size_t *used)
{
    gv_proxy_header header;
    ssize_t len = gv_proxy_header_parse(&header, input);

    if (len == GV_BAD)
        refuse_proxy(conn);
    if (len < 0)
        return (int)len;
    conn->preface = false;
    meet_client(conn, &header);
    *used = (size_t)len;
    return GV_OK;
}

/* The time for the first head, which runs since the connection's opening, is that for
 * the PROXY header too. */
static void begin(gv_conn *conn, gv_slice input)
{
    size_t used = 0;
    int outcome = take_proxy_header(conn, input, &used);

    if (outcome == GV_BAD)
        return;
    keep(conn, input, used);
    if (outcome == GV_OK && conn->pending.len > 0)
        work(conn, gv_buf_slice(&conn->pending));
}

void gv_intake_take(gv_conn *conn, const char *data, size_t len)
{
    gv_slice input = {data, len};

    if (conn->pending.len > 0) {
        gv_buf_append(&conn->pending, data, len);
        input = gv_buf_slice(&conn->pending);
    }
    if (conn->preface)
        begin(conn, input);
    else
        work(conn, input);
}

void gv_intake_resume(gv_conn *conn)
{
    work(conn, gv_buf_slice(&conn->pending));
}

bool gv_intake_is_in_time(const gv_conn *conn, int64_t seen_ms)
{
    return !gv_pace_is_over(&conn->upload->pace, &conn->server->paces[GV_WAIT_BODY],
                            seen_ms);
}

void gv_intake_refuse(gv_conn *conn, int status)
{
    if (conn->preface) {
        refuse_proxy(conn);
        return;
    }
    if (conn->upload != NULL)
        refuse(conn, &conn->upload->req, conn->upload->head, status);
    else
        refuse_unparsed(conn, status);
    work(conn, GV_SLICE_NONE);
}
