#include "http/range.h"

#include "base/result.h"
#include "harness.h"

#include <stdio.h>

/* The outcome for a file of 100 bytes; the ranges as text, "0+10 50+1 ". */
static int parse(const char *value, char *shown)
{
    gv_ranges ranges;
    int outcome = gv_ranges_parse(&ranges, gv_guarded_slice(value), 100);

    shown[0] = '\0';
    for (unsigned i = 0; outcome == GV_OK && i < ranges.count; i++)
        shown += sprintf(shown, "%llu+%llu ", (unsigned long long)ranges.at[i].first,
                         (unsigned long long)ranges.at[i].length);
    return outcome;
}

static void check(const char *value, const char *expected)
{
    char shown[1024];

    CHECK_INT(parse(value, shown), GV_OK);
    CHECK_SLICE(gv_slice_of(shown), expected);
}

static int outcome_of(const char *value)
{
    char shown[1024];

    return parse(value, shown);
}

TEST(a_range_is_read)
{
    check("bytes=0-9", "0+10 ");
    check("bytes=0-0", "0+1 ");
    check("bytes=99-99", "99+1 ");
    check("bytes=10-", "10+90 ");
    check("bytes=-5", "95+5 ");
    check("BYTES=0-9", "0+10 ");
    check("bytes=007-09", "7+3 ");
}

TEST(a_range_ends_with_the_file)
{
    check("bytes=90-200", "90+10 ");
    check("bytes=-900", "0+100 ");
    check("bytes=0-18446744073709551615", "0+100 ");
    check("bytes=0-99999999999999999999999999", "0+100 ");
    check("bytes=-99999999999999999999999999", "0+100 ");
}

TEST(several_ranges_are_read_in_their_order)
{
    check("bytes=50-59,0-9", "50+10 0+10 ");
    check("bytes=\t50-59 , ,, -1", "50+10 99+1 ");
    check("bytes=0-0,200-300,2-2", "0+1 2+1 ");
}

TEST(ranges_that_overlap_or_touch_become_one)
{
    check("bytes=0-9,5-14", "0+15 ");
    check("bytes=0-9,10-19", "0+20 ");
    check("bytes=10-19,0-9", "0+20 ");
    check("bytes=0-,0-,0-,0-", "0+100 ");
    check("bytes=0-9,20-29,40-49,5-44", "0+50 ");
    check("bytes=80-89,0-9,20-29,10-19", "80+10 0+30 ");
    check("bytes=0-1,11-12,9-10,2-8", "0+13 ");
}

TEST(what_is_malformed_is_ignored)
{
    const char *malformed[] = {
        "",          "bytes",      "bytes=",      "bytes=,",       "bytes=-",
        "bytes=5",   "bytes=a-b",  "bytes=9-0",   "bytes=0-9x",    "bytes=1-2-3",
        "bytes=--5", "bytes= ",    "bytes=0 -9",  "bytes=+1-2",    "bytes=0x1-2",
        "bytes 0-9", "items=0-9",  "bytes=0-9,x", "bytes=0-9,5-3", "=0-9",
        "bytes=-5-", "bytes=1.0-2"};

    for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
        CHECK_INT(outcome_of(malformed[i]), GV_DECLINED);
}

TEST(what_lies_behind_the_end_can_not_be_had)
{
    CHECK_INT(outcome_of("bytes=100-"), GV_BAD);
    CHECK_INT(outcome_of("bytes=100-200,300-"), GV_BAD);
    CHECK_INT(outcome_of("bytes=-0"), GV_BAD);
    CHECK_INT(outcome_of("bytes=99999999999999999999999-"), GV_BAD);
}

TEST(an_empty_file_is_sent_whole_or_has_no_such_range)
{
    gv_ranges ranges;

    CHECK_INT(gv_ranges_parse(&ranges, GV_SLICE("bytes=0-"), 0), GV_BAD);
    CHECK_INT(gv_ranges_parse(&ranges, GV_SLICE("bytes=-5"), 0), GV_DECLINED);
}

TEST(more_ranges_than_sixteen_are_ignored)
{
    char text[256] = "bytes=0-0";
    size_t len = strlen(text);

    for (int i = 1; i < GV_RANGES_MAX; i++)
        len += (size_t)sprintf(text + len, ",%d-%d", 3 * i, 3 * i);
    CHECK_INT(outcome_of(text), GV_OK);
    sprintf(text + len, ",99-");
    CHECK_INT(outcome_of(text), GV_DECLINED);
    sprintf(text + len, ",200-");
    CHECK_INT(outcome_of(text), GV_DECLINED);
}

TEST(a_huge_file_has_ranges_at_its_end)
{
    gv_ranges ranges;

    CHECK_INT(gv_ranges_parse(&ranges, GV_SLICE("bytes=-1"), INT64_MAX), GV_OK);
    CHECK(ranges.at[0].first == INT64_MAX - 1 && ranges.at[0].length == 1);
}

TEST(the_fields_of_ranges_are_written)
{
    gv_buf out = {0};
    const gv_range range = {10, 5};

    gv_content_range_append(&out, &range, 100);
    gv_unsatisfied_range_append(&out, 7);
    CHECK_SLICE(gv_buf_slice(&out), "Content-Range: bytes 10-14/100\r\n"
                                    "Content-Range: bytes */7\r\n");
    gv_buf_dispose(&out);
}

TEST(the_parts_of_a_multipart_body_are_framed)
{
    gv_buf out = {0};
    const gv_range range = {10, 5};

    gv_range_part_begin(&out, GV_SLICE("xyz"), GV_SLICE("text/plain"), &range, 100);
    gv_range_parts_end(&out, GV_SLICE("xyz"));
    CHECK_SLICE(gv_buf_slice(&out), "\r\n--xyz\r\nContent-Type: text/plain\r\n"
                                    "Content-Range: bytes 10-14/100\r\n\r\n"
                                    "\r\n--xyz--\r\n");
    gv_buf_dispose(&out);
}
