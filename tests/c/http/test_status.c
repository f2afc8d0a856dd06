#include "http/status.h"

#include "harness.h"

TEST(known_codes_have_the_reason_of_their_rfc)
{
    CHECK_SLICE(gv_status_reason(200), "OK");
    CHECK_SLICE(gv_status_reason(413), "Content Too Large");
    CHECK_SLICE(gv_status_line(404), "HTTP/1.1 404 Not Found\r\n");
}

TEST(other_codes_are_unknown)
{
    CHECK_SLICE(gv_status_line(299), "HTTP/1.1 299 Unknown\r\n");
    CHECK_SLICE(gv_status_line(599), "HTTP/1.1 599 Unknown\r\n");
    CHECK_SLICE(gv_status_line(299), "HTTP/1.1 299 Unknown\r\n");
    CHECK_SLICE(gv_status_reason(299), "Unknown");
    CHECK_SLICE(gv_status_reason(99), "Unknown");
    CHECK_SLICE(gv_status_reason(600), "Unknown");
}

TEST(every_line_begins_with_version_and_code)
{
    for (int status = 100; status < 600; status++) {
        gv_slice line = gv_status_line(status);

        CHECK(gv_slice_starts_with(line, GV_SLICE("HTTP/1.1 ")));
        CHECK_INT((line.at[9] - '0') * 100 + (line.at[10] - '0') * 10 + line.at[11] -
                      '0',
                  status);
    }
}

TEST(some_answers_never_have_a_body)
{
    CHECK(gv_status_is_bodiless(100));
    CHECK(gv_status_is_bodiless(204));
    CHECK(gv_status_is_bodiless(304));
    CHECK(!gv_status_is_bodiless(200));
    CHECK(!gv_status_is_bodiless(404));
}
