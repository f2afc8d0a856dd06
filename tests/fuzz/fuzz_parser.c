/* Heads and bodies: however the bytes are split on their way, the same requests and
 * the same refusal come of them.  Each piece lies in a heap block of its exact size, so
 * that a sanitizer sees a byte read too many. */
#include "fuzz.h"

#include "base/mem.h"
#include "http/body.h"
#include "http/path.h"
#include "http/tempfile.h"

#include <stdlib.h>
#include <unistd.h>

const char *const gv_fuzz_corpus[] = {
    "tests/fuzz/corpus/parser", "tests/requests/valid", "tests/requests/invalid", NULL};

/* Small, so that inputs come over them. */
static const gv_parser_limits limits = {
    .request_line = 200, .headers = 600, .header_count = 12};
enum { BODY_LIMIT = 2000, BYTEWISE = 500 };

static uint64_t spent;
static const gv_body_limits body_limits = {
    .each = BODY_LIMIT, .memory = 300, .disk = 1500, .spent = &spent};

/* One reading of the bytes, and what it came to, as text. */
typedef struct reading {
    gv_parser parser;
    gv_slice left;
    size_t longest; /* piece; 0: all at once */
    gv_fuzz_random random;
    gv_buf outcome;
} reading;

static size_t piece(reading *r, size_t left)
{
    size_t len = r->longest == 0 ? left : 1 + gv_fuzz_below(&r->random, r->longest);

    return len < left ? len : left;
}

static char *copy_of(gv_slice data)
{
    char *copy = gv_malloc(data.len > 0 ? data.len : 1);

    memcpy(copy, data.at, data.len);
    return data.len > 0 ? copy : copy + 1;
}

static void free_copy(char *copy, size_t len)
{
    free(len > 0 ? copy : copy - 1);
}

static void note(reading *r, const char *name, gv_slice text)
{
    gv_buf_printf(&r->outcome, " %s=%zu:", name, text.len);
    gv_buf_append_slice(&r->outcome, text);
}

static void note_path(reading *r, gv_slice raw_path)
{
    gv_buf scratch = {0};
    gv_slice path;

    if (raw_path.at[0] != '/')
        return;
    if (gv_path_decode(raw_path, &scratch, &path) == GV_OK) {
        FUZZ_CHECK(path.len > 0 && path.at[0] == '/');
        FUZZ_CHECK(gv_utf8_valid(path));
        note(r, "path", path);
    }
    gv_buf_dispose(&scratch);
}

static void note_request(reading *r, const gv_request *req)
{
    FUZZ_CHECK(req->raw_path.len > 0);
    FUZZ_CHECK(!(req->chunked && req->content_length >= 0));
    FUZZ_CHECK(req->minor == 0 || req->host.at != NULL);
    gv_buf_printf(&r->outcome, "\nHTTP/1.%d keep=%d chunked=%d expect=%d length=%lld",
                  req->minor, req->keep_alive, req->chunked, req->expect_continue,
                  (long long)req->content_length);
    note(r, "method", req->method_name);
    note(r, "target", req->target);
    note(r, "raw", req->raw_path);
    note(r, "query", req->query);
    note(r, "host", req->host);
    for (unsigned i = 0; i < req->header_count; i++) {
        note(r, "name", req->headers[i].name);
        note(r, "value", req->headers[i].value);
        gv_buf_printf(&r->outcome, " is=%d", req->headers[i].field);
    }
    note_path(r, req->raw_path);
}

/* GV_OK with the head taken off r->left, GV_AGAIN, or GV_BAD. */
static int read_head(reading *r, gv_request *req)
{
    size_t len = 0;
    ssize_t used = GV_AGAIN;

    while (used == GV_AGAIN && len < r->left.len) {
        char *data;

        len += piece(r, r->left.len - len);
        data = copy_of((gv_slice){r->left.at, len});
        used = gv_parser_head(&r->parser, req, data, len);
        FUZZ_CHECK(used == GV_AGAIN || used == GV_BAD ||
                   (used > 0 && used <= (ssize_t)len));
        if (used > 0)
            note_request(r, req);
        free_copy(data, len);
    }
    if (used > 0)
        r->left = gv_slice_from(r->left, (size_t)used);
    if (used == GV_BAD)
        gv_buf_printf(&r->outcome, "\nrefused %d", r->parser.status);
    return used > 0 ? GV_OK : (int)used;
}

static void note_body(reading *r, gv_body *body)
{
    gv_buf text = {0};

    FUZZ_CHECK(body->len <= BODY_LIMIT);
    FUZZ_CHECK(body->fd < 0 || body->memory.len == 0);
    gv_buf_reserve(&text, BODY_LIMIT);
    if (body->fd >= 0)
        text.len = (size_t)pread(body->fd, text.at, BODY_LIMIT, 0);
    else
        gv_buf_append_slice(&text, gv_buf_slice(&body->memory));
    FUZZ_CHECK(text.len == body->len);
    note(r, body->complete ? "body" : "cut", gv_buf_slice(&text));
    gv_buf_dispose(&text);
}

/* As read_head(). */
static int read_body(reading *r)
{
    gv_body body;
    ssize_t used = 0;
    int outcome;

    gv_body_init(&body, &r->parser, &body_limits);
    if (body.status != 0)
        used = GV_BAD;
    while (used >= 0 && !body.complete && r->left.len > 0) {
        size_t len = piece(r, r->left.len);
        char *data = copy_of((gv_slice){r->left.at, len});

        used = gv_body_feed(&body, data, len);
        FUZZ_CHECK(used == GV_BAD || (used >= 0 && used <= (ssize_t)len));
        FUZZ_CHECK(used == GV_BAD || body.complete || used == (ssize_t)len);
        free_copy(data, len);
        if (used > 0)
            r->left = gv_slice_from(r->left, (size_t)used);
    }
    if (used >= 0)
        note_body(r, &body);
    else
        gv_buf_printf(&r->outcome, "\nrefused %d", body.status);
    outcome = used < 0 ? GV_BAD : body.complete ? GV_OK : GV_AGAIN;
    gv_body_dispose(&body);
    FUZZ_CHECK(spent == 0);
    return outcome;
}

/* What the request says of its body is what the body is read by. */
static void check_framing(const gv_parser *parser, const gv_request *req)
{
    uint64_t length = req->content_length > 0 ? (uint64_t)req->content_length : 0;

    FUZZ_CHECK(req->chunked == ((parser->llhttp.flags & F_CHUNKED) != 0));
    FUZZ_CHECK(parser->llhttp.content_length == length);
}

static gv_buf read_all(gv_slice data, size_t longest)
{
    reading r = {.left = data, .longest = longest, .random = gv_fuzz_random_of(data)};
    gv_request req;
    int outcome = GV_OK;

    gv_parser_init(&r.parser, &limits);
    while (outcome == GV_OK && r.left.len > 0) {
        outcome = read_head(&r, &req);
        if (outcome != GV_OK)
            break;
        check_framing(&r.parser, &req);
        outcome = read_body(&r);
    }
    gv_parser_dispose(&r.parser);
    return r.outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t longest[] = {40, 7, 1};
    gv_slice input = {(const char *)data, size};
    gv_buf whole = read_all(input, 0);

    for (size_t i = 0; i < sizeof(longest) / sizeof(*longest); i++) {
        gv_buf split;

        if (longest[i] == 1 && size > BYTEWISE)
            continue;
        split = read_all(input, longest[i]);
        FUZZ_SAME(&whole, &split);
        gv_buf_dispose(&split);
    }
    gv_buf_dispose(&whole);
    return 0;
}
