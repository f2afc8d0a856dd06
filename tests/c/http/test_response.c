#include "http/response.h"

#include "harness.h"

#include "base/mem.h"
#include "http/status.h"

#include <stdio.h>
#include <stdlib.h>

static gv_fixed_fields fixed;

/* Writes `head` behind "x" in a buffer and compares what was added. */
static void check_head(gv_head head, const char *expected)
{
    gv_buf out = {0};

    gv_buf_append_literal(&out, "x");
    gv_head_write(&out, &head, &fixed);
    CHECK_SLICE(gv_slice_from(gv_buf_slice(&out), 1), expected);
    gv_buf_dispose(&out);
}

#define FIXED "Server: guava\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

static void make_fixed(void)
{
    fixed = (gv_fixed_fields){.server = true};
    gv_fixed_fields_update(&fixed, 784111777);
}

TEST(fixed_fields_are_true_for_their_second)
{
    make_fixed();
    CHECK_SLICE(((gv_slice){fixed.text, fixed.len}), FIXED);
    gv_fixed_fields_update(&fixed, 784111778);
    CHECK_SLICE(((gv_slice){fixed.text, fixed.len}),
                "Server: guava\r\nDate: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
    fixed = (gv_fixed_fields){.server = false};
    gv_fixed_fields_update(&fixed, 0);
    CHECK_SLICE(((gv_slice){fixed.text, fixed.len}),
                "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
}

TEST(a_head_says_what_it_is_told)
{
    make_fixed();
    check_head((gv_head){.status = 200,
                         .minor = 1,
                         .keep_alive = true,
                         .content_length = 12,
                         .content_type = GV_SLICE("text/plain"),
                         .fields = GV_SLICE("X-A: b\r\nX-C: d\r\n")},
               "HTTP/1.1 200 OK\r\n" FIXED "Content-Length: 12\r\n"
               "Content-Type: text/plain\r\nX-A: b\r\nX-C: d\r\n\r\n");
    check_head((gv_head){.status = 204,
                         .minor = 1,
                         .keep_alive = true,
                         .content_length = GV_LENGTH_NONE},
               "HTTP/1.1 204 No Content\r\n" FIXED "\r\n");
}

TEST(connection_says_what_the_client_does_not_assume)
{
    make_fixed();
    check_head(
        (gv_head){.status = 404, .minor = 1, .content_length = GV_LENGTH_CHUNKED},
        "HTTP/1.1 404 Not Found\r\n" FIXED "Connection: close\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    check_head((gv_head){.status = 200, .minor = 0, .keep_alive = true},
               "HTTP/1.1 200 OK\r\n" FIXED "Connection: keep-alive\r\n"
               "Content-Length: 0\r\n\r\n");
    check_head(
        (gv_head){.status = 200, .minor = 0, .content_length = GV_LENGTH_UNTIL_CLOSE},
        "HTTP/1.1 200 OK\r\n" FIXED "Connection: close\r\n\r\n");
}

TEST(lengths_of_all_sizes_are_written_in_decimal)
{
    static const int64_t lengths[] = {0,   1,   9,    10,    11,     99,
                                      100, 101, 1000, 65536, 999999, INT64_MAX};

    make_fixed();
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char expected[200];

        snprintf(expected, sizeof(expected),
                 "HTTP/1.1 200 OK\r\n" FIXED "Content-Length: %lld\r\n\r\n",
                 (long long)lengths[i]);
        check_head((gv_head){.status = 200,
                             .minor = 1,
                             .keep_alive = true,
                             .content_length = lengths[i]},
                   expected);
    }
}

TEST(a_head_fits_what_it_reserves)
{
    for (int status = 100; status < 600; status++) {
        gv_buf out = {0};
        gv_head head = {.status = status,
                        .content_length = INT64_MAX,
                        .content_type = GV_SLICE("text/html; charset=utf-8")};

        make_fixed();
        out.at = gv_malloc(1);
        out.cap = 1;
        gv_head_write(&out, &head, &fixed);
        CHECK(out.len <= out.cap);
        gv_buf_dispose(&out);
    }
}

TEST(a_chunk_begins_with_its_size_in_hexadecimal)
{
    static const size_t sizes[] = {1, 15, 16, 255, 256, 0x12345, SIZE_MAX};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        gv_buf out = {0};
        char expected[32];

        gv_chunk_begin(&out, sizes[i]);
        snprintf(expected, sizeof(expected), "%zx\r\n", sizes[i]);
        CHECK_SLICE(gv_buf_slice(&out), expected);
        gv_buf_dispose(&out);
    }
}

TEST(only_tokens_are_field_names)
{
    CHECK(gv_field_name_valid(gv_guarded_slice("X-Some_Name.1!#$%&'*+^`|~")));
    CHECK(!gv_field_name_valid(GV_SLICE("")));
    CHECK(!gv_field_name_valid(GV_SLICE("X:")));
    CHECK(!gv_field_name_valid(GV_SLICE("X Y")));
    CHECK(!gv_field_name_valid(GV_SLICE("X\r\n")));
    CHECK(!gv_field_name_valid(GV_SLICE("X\0")));
    CHECK(!gv_field_name_valid(GV_SLICE("caf\xc3\xa9")));
}

TEST(field_values_can_not_end_their_line)
{
    CHECK(gv_field_value_valid(gv_guarded_slice("a\tb \xc3\xa9")));
    CHECK(gv_field_value_valid(GV_SLICE("")));
    CHECK(!gv_field_value_valid(GV_SLICE("a\r\nSet-Cookie: b")));
    CHECK(!gv_field_value_valid(GV_SLICE("a\n")));
    CHECK(!gv_field_value_valid(GV_SLICE("a\0b")));
    CHECK(!gv_field_value_valid(GV_SLICE("a\x7f")));
}

TEST(the_id_of_a_request_goes_with_its_answer)
{
    make_fixed();
    check_head((gv_head){.status = 204,
                         .minor = 1,
                         .keep_alive = true,
                         .content_length = GV_LENGTH_NONE,
                         .request_id = gv_guarded_slice("abc")},
               "HTTP/1.1 204 No Content\r\n" FIXED "X-Request-ID: abc\r\n\r\n");
}

TEST(a_field_is_found_among_lines_by_its_whole_name)
{
    gv_slice lines = gv_guarded_slice("X-Moon: full\r\nx-request-id: a\r\n");

    CHECK(gv_fields_have(lines, GV_SLICE("X-Request-ID")));
    CHECK(gv_fields_have(lines, GV_SLICE("x-moon")));
    CHECK(!gv_fields_have(lines, GV_SLICE("Moon")));
    CHECK(!gv_fields_have(lines, GV_SLICE("X-Moo")));
    CHECK(!gv_fields_have(lines, GV_SLICE("full")));
    CHECK(!gv_fields_have(GV_SLICE_NONE, GV_SLICE("X-Moon")));
}
