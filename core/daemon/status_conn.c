#include "daemon/status_conn.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/status_pages.h"
#include "http/error_page.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MESSAGE_MS = 10000, /* for a request to come, and for an answer to be taken */
    IDLE_MS = 60000,
    LINGER_MS = 2000, /* for the client to close, after its last answer */
    PIECE = 4096,
    STEPS = 16 /* of one client in a row: the master has other things to do */
};

static bool is_loopback(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage room;
    } at = {0};
    socklen_t len = sizeof(at);

    if (getsockname(fd, &at.any, &len) < 0)
        return false;
    if (at.any.sa_family == AF_INET)
        return ntohl(at.in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return at.any.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&at.in6.sin6_addr);
}

gv_status_conn *gv_status_conn_new(int fd, int64_t now_ms)
{
    gv_status_conn *conn = gv_calloc(1, sizeof(*conn));

    conn->fd = fd;
    conn->is_local = is_loopback(fd);
    conn->due_ms = now_ms + MESSAGE_MS;
    return conn;
}

void gv_status_conn_free(gv_status_conn *conn)
{
    close(conn->fd);
    gv_buf_dispose(&conn->input);
    gv_buf_dispose(&conn->output);
    free(conn);
}

/* ---- answering ---- */

typedef struct answer {
    gv_head head;
    gv_buf body;
    bool is_headless; /* HEAD: the body stays here */
} answer;

/* Nobody else's page may frame, read or script one of these. */
static const char fields[] =
    "Cache-Control: no-store\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n";
static const char fields_of_405[] = "Allow: GET, HEAD\r\n";

static void send_answer(gv_status_conn *conn, gv_status_scratch *scratch, answer *ans,
                        int64_t now_ms)
{
    ans->head.keep_alive = !conn->is_last;
    ans->head.content_length = (int64_t)ans->body.len;
    if (ans->head.fields.len == 0)
        ans->head.fields = GV_SLICE(fields);
    gv_fixed_fields_update(&scratch->fixed, gv_clock_wall_ms() / 1000);
    gv_head_write(&conn->output, &ans->head, &scratch->fixed);
    if (!ans->is_headless)
        gv_buf_append_slice(&conn->output, gv_buf_slice(&ans->body));
    gv_buf_dispose(&ans->body);
    conn->due_ms = now_ms + MESSAGE_MS;
}

static void fail(answer *ans, int status, gv_slice accept)
{
    ans->head.status = status;
    ans->head.content_type = gv_error_page(&ans->body, status, GV_SLICE_NONE, accept);
    if (status == 405)
        ans->head.fields = GV_SLICE(fields_of_405);
}

/* Whether a browser can not have been talked into this: a name that somebody else has
 * pointed to a loopback address (DNS rebinding) stands in Host. */
static bool is_meant_for_us(const gv_status_conn *conn, gv_slice host)
{
    char text[INET6_ADDRSTRLEN], address[sizeof(struct in6_addr)];
    gv_slice name = host;

    if (!conn->is_local || host.len == 0)
        return true;
    if (host.at[0] == '[')
        return true; /* no name */
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == ':')
            name.len = i;
    }
    if (gv_slice_equal_nocase(name, GV_SLICE("localhost")))
        return true;
    if (name.len >= sizeof(text))
        return false;
    memcpy(text, name.at, name.len);
    text[name.len] = '\0';
    return inet_pton(AF_INET, text, address) == 1;
}

static void fill(answer *ans, const gv_status_page *page,
                 const struct gv_master *master)
{
    gv_report report;

    gv_report_make(&report, master);
    ans->head.status = page->write(&ans->body, &report);
    ans->head.content_type = page->content_type;
    gv_report_dispose(&report);
}

static void answer_request(gv_status_conn *conn, gv_status_scratch *scratch,
                           const gv_request *req, const struct gv_master *master,
                           int64_t now_ms)
{
    const gv_status_page *page = gv_status_page_at(req->raw_path);
    gv_slice accept = gv_request_field(req, GV_FIELD_ACCEPT);
    answer ans = {.head = {.minor = req->minor}, .is_headless = req->method == GV_HEAD};

    conn->is_last = !req->keep_alive || gv_request_has_body(req);
    if (!is_meant_for_us(conn, req->host))
        fail(&ans, 421, accept);
    else if (page == NULL)
        fail(&ans, 404, accept);
    else if (req->method != GV_GET && req->method != GV_HEAD)
        fail(&ans, 405, accept);
    else
        fill(&ans, page, master);
    send_answer(conn, scratch, &ans, now_ms);
}

static void refuse(gv_status_conn *conn, gv_status_scratch *scratch, int64_t now_ms)
{
    answer ans = {.head = {.minor = 1}};

    conn->is_last = true;
    fail(&ans, scratch->parser.status, GV_SLICE_NONE);
    send_answer(conn, scratch, &ans, now_ms);
}

/* Answers the request at the start of the input.  False: it is not whole. */
static bool take_request(gv_status_conn *conn, gv_status_scratch *scratch,
                         const struct gv_master *master, int64_t now_ms)
{
    gv_request req;
    ssize_t len;

    if (conn->input.len == 0 || conn->is_last)
        return false;
    len = gv_parser_head(&scratch->parser, &req, conn->input.at, conn->input.len);
    if (len == GV_AGAIN)
        return false;
    if (len < 0) {
        refuse(conn, scratch, now_ms);
        return true;
    }
    answer_request(conn, scratch, &req, master, now_ms);
    gv_buf_consume(&conn->input, (size_t)len);
    return true;
}

/* ---- sending and reading ---- */

static int outcome_of_error(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? GV_AGAIN
                                                                     : GV_FAILED;
}

static int send_some(gv_status_conn *conn)
{
    ssize_t n = send(conn->fd, conn->output.at + conn->sent,
                     conn->output.len - conn->sent, MSG_NOSIGNAL);

    if (n < 0)
        return outcome_of_error();
    conn->sent += (size_t)n;
    return GV_OK;
}

/* All is sent.  Closing on unread bytes would reset the connection, and could take the
 * answer with it. */
static void end_answer(gv_status_conn *conn, int64_t now_ms)
{
    gv_buf_dispose(&conn->output);
    conn->sent = 0;
    conn->due_ms = now_ms + IDLE_MS;
    if (!conn->is_last)
        return;
    shutdown(conn->fd, SHUT_WR);
    conn->is_over = true;
    conn->due_ms = now_ms + LINGER_MS;
}

static int read_some(gv_status_conn *conn, int64_t now_ms)
{
    ssize_t n = recv(conn->fd, gv_buf_reserve(&conn->input, PIECE), PIECE, 0);

    if (n <= 0)
        return n < 0 ? outcome_of_error() : GV_FAILED;
    if (conn->is_over)
        return GV_OK;
    if (conn->input.len == 0)
        conn->due_ms = now_ms + MESSAGE_MS;
    conn->input.len += (size_t)n;
    return GV_OK;
}

/* GV_OK: there may be more to do; GV_AGAIN: not before an event; GV_FAILED. */
static int step(gv_status_conn *conn, gv_status_scratch *scratch,
                const struct gv_master *master, int64_t now_ms)
{
    int outcome;

    if (conn->output.len > 0) {
        outcome = send_some(conn);
        if (outcome == GV_OK && conn->sent == conn->output.len)
            end_answer(conn, now_ms);
        return outcome;
    }
    if (take_request(conn, scratch, master, now_ms))
        return GV_OK;
    return read_some(conn, now_ms);
}

bool gv_status_conn_advance(gv_status_conn *conn, gv_status_scratch *scratch,
                            const struct gv_master *master, int64_t now_ms)
{
    int outcome = GV_OK;

    for (int i = 0; i < STEPS && outcome == GV_OK; i++)
        outcome = step(conn, scratch, master, now_ms);
    conn->is_behind = outcome == GV_OK;
    return outcome != GV_FAILED && now_ms < conn->due_ms;
}

short gv_status_conn_events(const gv_status_conn *conn)
{
    return conn->output.len > 0 || conn->is_behind ? POLLOUT : POLLIN;
}
