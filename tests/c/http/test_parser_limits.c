#include "parsing.h"

/* A request whose line has `line` bytes and whose field lines have `fields`. */
static gv_buf sized(size_t line, size_t fields)
{
    gv_buf text = {0};
    int target = (int)line - 13, value = (int)fields - 14;

    gv_buf_printf(&text, "GET /%0*d HTTP/1.1\r\nHost: a\r\nX: %0*d\r\n\r\n", target - 1,
                  0, value, 0);
    return text;
}

static void check_sizes(size_t line, size_t fields, long long expected)
{
    gv_buf text = sized(line, fields);

    if (expected == GV_OK)
        expected = (long long)text.len;
    CHECK_INT(outcome(text.at, text.len), expected);
    gv_buf_dispose(&text);
}

TEST(a_request_line_may_be_as_long_as_its_limit)
{
    check_sizes(limits.request_line - 1, 100, GV_OK);
    check_sizes(limits.request_line, 100, GV_OK);
    check_sizes(limits.request_line + 1, 100, 414);
    check_sizes(limits.request_line * 2, 100, 414);
}

TEST(field_lines_may_be_as_long_as_their_limit)
{
    check_sizes(20, limits.headers - 1, GV_OK);
    check_sizes(20, limits.headers, GV_OK);
    check_sizes(20, limits.headers + 1, 431);
    check_sizes(limits.request_line, limits.headers, GV_OK);
    check_sizes(limits.request_line, limits.headers + 1, 431);
}

TEST(as_many_fields_as_the_limit_are_taken)
{
    for (unsigned more = 0; more <= 2; more++) {
        unsigned count = limits.header_count - 1 + more;
        gv_buf text = {0};

        gv_buf_append_literal(&text, "GET / HTTP/1.1\r\nHost: a\r\n");
        for (unsigned i = 1; i < count; i++)
            gv_buf_append_literal(&text, "X: y\r\n");
        gv_buf_append_literal(&text, "\r\n");
        CHECK_INT(outcome(text.at, text.len), more < 2 ? (long long)text.len : 431);
        gv_buf_dispose(&text);
    }
}

/* The shortest prefix of `text` that is refused, and with what status. */
static size_t first_refused(gv_slice text, int *status)
{
    for (size_t len = 0; len <= text.len; len++)
        if (head_of(text.at, len) == GV_BAD) {
            *status = parser.status;
            return len;
        }
    return 0;
}

TEST(a_head_that_has_not_all_come_is_refused_once_it_is_over_a_limit)
{
    char text[600];
    int status = 0;

    memset(text, 'a', sizeof(text));
    memcpy(text, "GET /", 5);
    CHECK_INT(first_refused((gv_slice){text, sizeof(text)}, &status),
              limits.request_line - 9 + 1);
    CHECK_INT(status, 414);

    memcpy(text, "GET / HTTP/1.1\r\nHost: a\r\nX:", 27);
    CHECK_INT(first_refused((gv_slice){text, sizeof(text)}, &status),
              16 + limits.headers + 2);
    CHECK_INT(status, 431);

    memset(text, 'A', sizeof(text));
    CHECK_INT(first_refused((gv_slice){text, sizeof(text)}, &status),
              limits.request_line + 1);
    CHECK_INT(status, 414);

    memset(text, ' ', sizeof(text));
    memcpy(text, "GET", 3);
    CHECK_INT(first_refused((gv_slice){text, sizeof(text)}, &status),
              limits.request_line + 1);
    CHECK_INT(status, 414);
}

TEST(a_method_longer_than_the_request_line_may_be_is_414)
{
    char text[100];

    memset(text, 'A', sizeof(text));
    text[limits.request_line] = ' ';
    CHECK_INT(outcome(text, sizeof(text)), 501);
    text[limits.request_line] = 'A';
    text[limits.request_line + 1] = ' ';
    CHECK_INT(outcome(text, sizeof(text)), 414);
}
