#include "base/buf.h"

#include "harness.h"

TEST(an_empty_buffer_holds_no_memory)
{
    gv_buf buf = {0};

    CHECK(buf.at == NULL);
    CHECK_SLICE(gv_buf_slice(&buf), "");
    gv_buf_dispose(&buf);
}

TEST(appended_parts_follow_one_another)
{
    gv_buf buf = {0};

    gv_buf_append(&buf, gv_guarded("one", 3), 3);
    gv_buf_append_literal(&buf, " two ");
    gv_buf_append_slice(&buf, gv_guarded_slice("three"));
    gv_buf_append_slice(&buf, GV_SLICE_NONE);
    CHECK_SLICE(gv_buf_slice(&buf), "one two three");
    gv_buf_dispose(&buf);
}

TEST(numbers_are_written_in_decimal)
{
    gv_buf buf = {0};

    gv_buf_append_uint(&buf, 0);
    gv_buf_append_literal(&buf, " ");
    gv_buf_append_uint(&buf, UINT64_MAX);
    CHECK_SLICE(gv_buf_slice(&buf), "0 18446744073709551615");
    gv_buf_dispose(&buf);
}

TEST(formatted_text_of_any_length_fits)
{
    gv_buf buf = {0};

    gv_buf_printf(&buf, "%5000d", 7);
    gv_buf_printf(&buf, "%s", "");
    CHECK_INT(buf.len, 5000);
    CHECK(buf.at[4999] == '7');
    gv_buf_dispose(&buf);
}

TEST(reserved_room_keeps_what_is_there)
{
    gv_buf buf = {0};
    char *room;

    gv_buf_append_literal(&buf, "kept");
    room = gv_buf_reserve(&buf, 100000);
    memset(room, 'x', 100000);
    buf.len += 100000;
    CHECK_INT(buf.len, 100004);
    CHECK(memcmp(buf.at, "keptx", 5) == 0);
    gv_buf_dispose(&buf);
}

TEST(consuming_moves_the_rest_to_the_front)
{
    gv_buf buf = {0};

    gv_buf_append_literal(&buf, "headbody");
    gv_buf_consume(&buf, 4);
    CHECK_SLICE(gv_buf_slice(&buf), "body");
    gv_buf_consume(&buf, 4);
    CHECK_SLICE(gv_buf_slice(&buf), "");
    gv_buf_dispose(&buf);
}

TEST(disposing_leaves_a_buffer_that_works)
{
    gv_buf buf = {0};

    gv_buf_append_literal(&buf, "old");
    gv_buf_dispose(&buf);
    gv_buf_append_literal(&buf, "new");
    CHECK_SLICE(gv_buf_slice(&buf), "new");
    gv_buf_dispose(&buf);
}
