/* Feeds the requests of tests/requests to the parser, as a connection would. */
#include "http/body.h"
#include "http/path.h"

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>

#define CORPUS "tests/requests/"

/* The server's defaults. */
static const gv_parser_limits limits = {
    .request_line = 8192, .headers = 32768, .header_count = 100};
static uint64_t spent;
static const gv_body_limits body_limits = {
    .each = 1 << 20, .memory = 1 << 16, .disk = 1 << 30, .spent = &spent};
enum { MAX_NAME = 200 };

/* The bytes of one connection, of which the first `come` have arrived. */
typedef struct stream {
    gv_parser parser;
    gv_request req;
    const char *data;
    size_t come;
    size_t taken;
    gv_buf answers; /* "ok ok 400" */
} stream;

static void answer(stream *s, const char *what)
{
    gv_buf_printf(&s->answers, s->answers.len > 0 ? " %s" : "%s", what);
}

static void answer_status(stream *s, int status)
{
    char text[12];

    snprintf(text, sizeof(text), "%d", status);
    answer(s, text);
}

/* What may be read: a guarded copy, so that nothing behind it is looked at. */
static gv_slice window(const stream *s, size_t step)
{
    size_t len = s->come - s->taken;

    len = len < step ? len : step;
    return (gv_slice){gv_guarded(s->data + s->taken, len), len};
}

/* One body, `step` bytes at a time. */
static int read_body(stream *s, size_t step)
{
    gv_body body;
    ssize_t used;

    gv_body_init(&body, &s->parser, &body_limits);
    used = body.status == 0 ? 0 : GV_BAD;
    while (!body.complete && used >= 0) {
        gv_slice data = window(s, step);

        if (data.len == 0)
            break;
        used = gv_body_feed(&body, data.at, data.len);
        if (used > 0)
            s->taken += (size_t)used;
    }
    if (used < 0)
        answer_status(s, body.status);
    gv_body_dispose(&body);
    return used < 0 ? GV_BAD : body.complete ? GV_OK : GV_AGAIN;
}

/* One head, of which `step` more bytes come each time. */
static int read_head(stream *s, size_t step)
{
    size_t all = s->come - s->taken, len = 0;
    ssize_t used = GV_AGAIN;

    while (used == GV_AGAIN && len < all) {
        gv_slice data = window(s, len += step);

        used = gv_parser_head(&s->parser, &s->req, data.at, data.len);
        if (used == GV_AGAIN)
            continue;
        if (used > 0)
            s->taken += (size_t)used;
    }
    if (used == GV_BAD)
        answer_status(s, s->parser.status);
    return used > 0 ? GV_OK : (int)used;
}

static int check_path(stream *s)
{
    gv_buf scratch = {0};
    gv_slice path;
    int result = GV_OK;

    if (s->req.raw_path.at[0] == '/')
        result = gv_path_decode(s->req.raw_path, &scratch, &path);
    if (result == GV_BAD)
        answer_status(s, 400);
    gv_buf_dispose(&scratch);
    return result;
}

/* Answers all that is in `data`, which comes `step` bytes at a time. */
static gv_buf answers_to(gv_slice data, size_t step)
{
    stream s = {.data = data.at, .come = data.len};
    bool open = true;

    gv_parser_init(&s.parser, &limits);
    while (open && s.taken < s.come) {
        int result = read_head(&s, step);

        open = result == GV_OK && s.req.keep_alive;
        if (result == GV_OK && (result = check_path(&s)) == GV_OK)
            result = read_body(&s, step);
        if (result == GV_OK)
            answer(&s, "ok");
        if (result == GV_AGAIN)
            answer(&s, "cut");
        if (result != GV_OK)
            break;
    }
    gv_parser_dispose(&s.parser);
    return s.answers;
}

static gv_buf read_file(const char *name)
{
    char path[sizeof(CORPUS) + MAX_NAME];
    gv_buf content = {0};
    FILE *file;

    snprintf(path, sizeof(path), CORPUS "%s", name);
    file = fopen(path, "rb");
    REQUIRE(file != NULL);
    gv_buf_reserve(&content, 1 << 16);
    content.len = fread(content.at, 1, content.cap, file);
    CHECK(feof(file));
    fclose(file);
    return content;
}

static void check_file(const char *name, const char *expected, size_t step)
{
    gv_buf content = read_file(name);
    gv_buf answers = answers_to(gv_buf_slice(&content), step);

    gv_test_check_slice(gv_buf_slice(&answers), gv_slice_of(expected), __FILE__,
                        __LINE__, name);
    gv_buf_dispose(&answers);
    gv_buf_dispose(&content);
    gv_guarded_free();
}

/* Calls check_file() for each line of the table: "valid/get.http ok". */
static void check_all(size_t step)
{
    FILE *table = fopen(CORPUS "ANSWERS", "r");
    char line[MAX_NAME];
    int count = 0;

    REQUIRE(table != NULL);
    while (fgets(line, sizeof(line), table) != NULL) {
        char *space = strchr(line, ' ');

        if (line[0] == '#')
            continue;
        REQUIRE(space != NULL);
        *space = '\0';
        space[1 + strcspn(space + 1, "\n")] = '\0';
        check_file(line, space + 1, step);
        count++;
    }
    fclose(table);
    CHECK(count > 100);
}

TEST(each_file_is_answered_as_its_table_says)
{
    check_all(SIZE_MAX / 2);
}

TEST(each_file_is_answered_alike_in_small_pieces)
{
    check_all(7);
}
