#include "http/body.h"

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIMIT = 1000, THRESHOLD = 100, DISK = 2500, OVERHEAD = 200, TRAILERS = 8 };

#define HEAD "POST / HTTP/1.1\r\nHost: a\r\n"

static gv_parser parser;
static gv_body body;
static uint64_t spent; /* bytes in files */

/* Parses `head` and lets `body` take over. */
static void begin(const char *head)
{
    static const gv_parser_limits head_limits = {
        .request_line = 100, .headers = OVERHEAD, .header_count = TRAILERS};
    gv_body_limits limits = {
        .each = LIMIT, .memory = THRESHOLD, .disk = DISK, .spent = &spent};
    gv_request req;

    gv_parser_init(&parser, &head_limits);
    REQUIRE(gv_parser_head(&parser, &req, gv_guarded(head, strlen(head)),
                           strlen(head)) == (ssize_t)strlen(head));
    gv_body_init(&body, &parser, &limits);
    gv_parser_dispose(&parser);
}

static void begin_chunked(void)
{
    begin(HEAD "Transfer-Encoding: chunked\r\n\r\n");
}

static void begin_sized(size_t size)
{
    char head[200];

    snprintf(head, sizeof(head), HEAD "Content-Length: %zu\r\n\r\n", size);
    begin(head);
}

static ssize_t feed(gv_slice data)
{
    return gv_body_feed(&body, gv_guarded(data.at, data.len), data.len);
}

#define FEED(text) feed(GV_SLICE(text))

/* The status that chunked framing of `text` is refused with, or 0. */
static int refusal(gv_slice text)
{
    int status;

    begin_chunked();
    status = feed(text) == GV_BAD ? body.status : 0;
    gv_body_dispose(&body);
    return status;
}

#define REFUSAL(text) refusal(GV_SLICE(text))

static gv_buf run_of(char byte, size_t len)
{
    gv_buf made = {0};

    memset(gv_buf_reserve(&made, len), byte, len);
    made.len = len;
    return made;
}

TEST(a_request_without_a_body_is_complete_at_once)
{
    begin(HEAD "\r\n");
    CHECK(body.complete);
    CHECK_INT(FEED("GET / HTTP/1.1\r\n"), 0);
    begin_sized(0);
    CHECK(body.complete);
}

TEST(a_sized_body_ends_where_its_length_says)
{
    begin_sized(5);
    CHECK_INT(FEED("he"), 2);
    CHECK(!body.complete);
    CHECK_INT(FEED("lloGET / HTTP/1.1\r\n"), 3);
    CHECK(body.complete);
    CHECK_INT(FEED("GET"), 0);
    CHECK_INT(body.len, 5);
    CHECK_SLICE(gv_buf_slice(&body.memory), "hello");
    gv_body_dispose(&body);
}

TEST(any_legal_chunking_is_decoded)
{
    static const char text[] = "5\r\nhello\r\n01;a=b;c=\"d;\\\"e\";f\r\n,\r\nA\r\n"
                               "0123456789\r\na\r\nabcdefghij\r\n"
                               "000\r\nX-Trailer: yes\r\n\r\n";

    begin_chunked();
    CHECK_INT(FEED("5\r\nhello\r\n01;a=b;c=\"d;\\\"e\";f\r\n,\r\nA\r\n"
                   "0123456789\r\na\r\nabcdefghij\r\n"
                   "000\r\nX-Trailer: yes\r\n\r\nGET / HTTP/1.1\r\n"),
              sizeof(text) - 1);
    CHECK(body.complete);
    CHECK_SLICE(gv_buf_slice(&body.memory), "hello,0123456789abcdefghij");
    gv_body_dispose(&body);
}

TEST(chunks_may_be_split_anywhere)
{
    static const char text[] = "5\r\nhello\r\n1;a=b;c=\"d\"\r\n,\r\n"
                               "000\r\nX-Trailer: yes\r\n\r\n";
    size_t len = sizeof(text) - 1;

    for (size_t split = 0; split <= len; split++) {
        begin_chunked();
        CHECK_INT(feed((gv_slice){text, split}), (long long)split);
        CHECK(body.complete == (split == len));
        CHECK_INT(feed((gv_slice){text + split, len - split}),
                  (long long)(len - split));
        CHECK(body.complete);
        CHECK_SLICE(gv_buf_slice(&body.memory), "hello,");
        gv_body_dispose(&body);
    }
}

TEST(a_body_can_come_byte_by_byte_and_move_meanwhile)
{
    static const char text[] = "3\r\nabc\r\n0\r\n\r\n";

    begin_chunked();
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        gv_body moved = body;

        memset(&body, 0xff, sizeof(body));
        body = moved;
        CHECK_INT(feed((gv_slice){text + i, 1}), 1);
    }
    CHECK(body.complete);
    CHECK_SLICE(gv_buf_slice(&body.memory), "abc");
    gv_body_dispose(&body);
}

TEST(an_upgrade_does_not_end_the_body)
{
    begin(HEAD "Connection: Upgrade\r\nUpgrade: x\r\nContent-Length: 3\r\n\r\n");
    CHECK_INT(FEED("abcd"), 3);
    CHECK(body.complete);
    gv_body_dispose(&body);
    begin(HEAD "Connection: close, upgrade\r\nUpgrade: x\r\nTransfer-Encoding: "
               "chunked\r\n\r\n");
    CHECK_INT(FEED("1\r\na\r\n0\r\n\r\nd"), 11);
    CHECK(body.complete);
    gv_body_dispose(&body);
}

TEST(malformed_chunks_are_refused)
{
    CHECK_INT(REFUSAL("g\r\n"), 400);
    CHECK_INT(REFUSAL("\r\n"), 400);
    CHECK_INT(REFUSAL("-1\r\n"), 400);
    CHECK_INT(REFUSAL("+1\r\n"), 400);
    CHECK_INT(REFUSAL("0x1\r\n"), 400);
    CHECK_INT(REFUSAL(" 1\r\n"), 400);
    CHECK_INT(REFUSAL("1 \r\n"), 400);
    CHECK_INT(REFUSAL("1\n"), 400);
    CHECK_INT(REFUSAL("1\rx"), 400);
    CHECK_INT(REFUSAL("1\r\nab"), 400);
    CHECK_INT(REFUSAL("1\r\na\n"), 400);
    CHECK_INT(REFUSAL("1;a=b\n"), 400);
    CHECK_INT(REFUSAL("1;a\x01=b\r\n"), 400);
    CHECK_INT(REFUSAL("0\r\nX : y\r\n"), 400);
    CHECK_INT(REFUSAL("0\r\nX: y\n"), 400);
    CHECK_INT(REFUSAL("0\r\n\n"), 400);
    CHECK_INT(REFUSAL("0\r\n\rx"), 400);
}

TEST(a_chunk_size_that_overflows_is_refused)
{
    CHECK(REFUSAL("10000000000000000\r\n") != 0);
    CHECK(REFUSAL("ffffffffffffffffffff\r\n") != 0);
    CHECK_INT(REFUSAL("ffffffffffffffff\r\n"), 413);
}

TEST(a_refused_body_stays_refused)
{
    begin_chunked();
    CHECK_INT(FEED("x"), GV_BAD);
    CHECK_INT(FEED("0\r\n\r\n"), GV_BAD);
    CHECK_INT(body.status, 400);
    CHECK(!body.complete);
    gv_body_dispose(&body);
}

/* ---- limits ---- */

TEST(a_sized_body_may_have_as_many_bytes_as_the_limit)
{
    for (size_t size = LIMIT - 1; size <= LIMIT + 1; size++) {
        gv_buf data = run_of('x', size);

        begin_sized(size);
        if (size <= LIMIT) {
            CHECK_INT(feed(gv_buf_slice(&data)), (long long)size);
            CHECK(body.complete);
        } else {
            CHECK_INT(FEED("x"), GV_BAD);
            CHECK_INT(body.status, 413);
        }
        gv_body_dispose(&body);
        gv_buf_dispose(&data);
    }
}

TEST(a_chunked_body_may_have_as_many_bytes_as_the_limit)
{
    for (int size = LIMIT - 1; size <= LIMIT + 1; size++) {
        gv_buf text = {0};

        begin_chunked();
        gv_buf_printf(&text, "1\r\nx\r\n%x\r\n", size - 1);
        CHECK_INT(feed(gv_buf_slice(&text)),
                  size <= LIMIT ? (long long)text.len : GV_BAD);
        CHECK_INT(body.status, size <= LIMIT ? 0 : 413);
        gv_body_dispose(&body);
        gv_buf_dispose(&text);
    }
}

/* A chunked body with `extra` bytes beside its data and what a chunk may have. */
static int with_overhead(const char *before, const char *behind, size_t extra)
{
    gv_buf text = {0}, filler = run_of('0', extra);
    int status;

    gv_buf_append(&text, before, strlen(before));
    gv_buf_append_slice(&text, gv_buf_slice(&filler));
    gv_buf_append(&text, behind, strlen(behind));
    status = refusal(gv_buf_slice(&text));
    gv_buf_dispose(&text);
    gv_buf_dispose(&filler);
    return status;
}

TEST(digits_extensions_and_trailers_of_chunks_are_limited_together)
{
    CHECK_INT(with_overhead("", "1", OVERHEAD - 1), 0);
    CHECK_INT(with_overhead("", "1", OVERHEAD), 431);
    CHECK_INT(with_overhead("1;a=", "", OVERHEAD - 4), 0);
    CHECK_INT(with_overhead("1;a=", "", OVERHEAD - 3), 431);
    CHECK_INT(with_overhead("0\r\nX: ", "", OVERHEAD + 20 - 6), 0);
    CHECK_INT(with_overhead("0\r\nX: ", "", OVERHEAD + 20 - 5), 431);
    CHECK_INT(with_overhead("0\r\nX: ", "\r\n\r\n", OVERHEAD + 20), 431);
}

/* The status of as many trailers, or 0. */
static int with_trailers(int count)
{
    gv_buf text = {0};
    int status;

    gv_buf_append_literal(&text, "0\r\n");
    for (int i = 0; i < count; i++)
        gv_buf_append_literal(&text, "X: y\r\n");
    gv_buf_append_literal(&text, "\r\n");
    status = refusal(gv_buf_slice(&text));
    gv_buf_dispose(&text);
    return status;
}

TEST(trailers_are_as_many_as_fields_may_be)
{
    CHECK_INT(with_trailers(TRAILERS), 0);
    CHECK_INT(with_trailers(TRAILERS + 1), 431);
}

TEST(small_chunks_alone_are_never_over_the_limit)
{
    begin_chunked();
    for (int i = 0; i < LIMIT; i++)
        CHECK_INT(FEED("1\r\nx\r\n"), 6);
    CHECK_INT(FEED("0\r\n\r\n"), 5);
    CHECK(body.complete);
    CHECK_INT(body.len, LIMIT);
    gv_body_dispose(&body);
}

/* ---- files ---- */

TEST(a_body_is_in_memory_up_to_the_threshold)
{
    gv_buf data = run_of('x', THRESHOLD);

    begin_sized(THRESHOLD);
    CHECK_INT(feed(gv_buf_slice(&data)), THRESHOLD);
    CHECK(body.complete);
    CHECK_INT(body.fd, -1);
    CHECK_INT(body.memory.len, THRESHOLD);
    gv_body_dispose(&body);
    gv_buf_dispose(&data);
}

TEST(a_body_over_the_threshold_is_in_a_file)
{
    gv_buf data = run_of('x', THRESHOLD);
    char read_back[THRESHOLD + 2];

    begin_sized(THRESHOLD + 1);
    CHECK_INT(FEED("y"), 1);
    CHECK_INT(body.fd, -1);
    CHECK_INT(feed(gv_buf_slice(&data)), THRESHOLD);
    CHECK(body.complete);
    REQUIRE(body.fd >= 0);
    CHECK_INT(body.memory.cap, 0);
    CHECK_INT(pread(body.fd, read_back, sizeof(read_back), 0), THRESHOLD + 1);
    CHECK(memcmp(read_back, "yxx", 3) == 0);
    gv_body_dispose(&body);
    CHECK_INT(body.fd, -1);
    gv_buf_dispose(&data);
}

TEST(files_of_bodies_have_so_much_room_together)
{
    gv_buf data = run_of('x', LIMIT);
    gv_body first, second;

    spent = 0;
    begin_sized(LIMIT);
    CHECK_INT(feed(gv_buf_slice(&data)), LIMIT);
    first = body;
    begin_sized(LIMIT);
    CHECK_INT(feed(gv_buf_slice(&data)), LIMIT);
    second = body;
    CHECK_INT(spent, 2 * LIMIT);
    begin_sized(LIMIT);
    CHECK_INT(feed(gv_buf_slice(&data)), GV_BAD);
    CHECK_INT(body.status, 503);
    gv_body_dispose(&body);
    gv_body_dispose(&first);
    CHECK_INT(spent, LIMIT);
    begin_sized(LIMIT);
    CHECK_INT(feed(gv_buf_slice(&data)), LIMIT);
    gv_body_dispose(&body);
    gv_body_dispose(&second);
    CHECK_INT(spent, 0);
    gv_buf_dispose(&data);
}

TEST(a_body_that_the_disk_refuses_is_503)
{
    gv_buf data = run_of('x', THRESHOLD + 1);

    setenv("TMPDIR", "/nonexistent", 1);
    begin_sized(THRESHOLD + 1);
    CHECK_INT(feed(gv_buf_slice(&data)), GV_BAD);
    CHECK_INT(body.status, 503);
    unsetenv("TMPDIR");
    gv_body_dispose(&body);
    gv_buf_dispose(&data);
}
