#include "http/conditional.h"

#include "harness.h"

enum { MODIFIED = 784111777 };

/* Whether a request with one field is answered by 304. */
static bool not_modified(gv_method method, gv_header header)
{
    gv_request req = {.method = method, .headers = &header, .header_count = 1};

    return gv_not_modified(&req, MODIFIED);
}

static gv_header since(const char *date)
{
    return (gv_header){.name = GV_SLICE("If-Modified-Since"),
                       .value = gv_slice_of(date),
                       .field = GV_FIELD_IF_MODIFIED_SINCE};
}

TEST(a_file_that_is_no_newer_is_not_sent_again)
{
    CHECK(not_modified(GV_GET, since("Sun, 06 Nov 1994 08:49:37 GMT")));
    CHECK(not_modified(GV_HEAD, since("Sun, 06 Nov 1994 08:49:38 GMT")));
    CHECK(!not_modified(GV_GET, since("Sun, 06 Nov 1994 08:49:36 GMT")));
}

TEST(only_a_valid_date_of_a_get_or_head_counts)
{
    CHECK(!not_modified(GV_POST, since("Sun, 06 Nov 1994 08:49:37 GMT")));
    CHECK(!not_modified(GV_GET, since("tomorrow")));
    CHECK(!not_modified(GV_GET, (gv_header){.name = GV_SLICE("X")}));
}

TEST(if_none_match_takes_the_place_of_the_date)
{
    gv_header headers[] = {
        since("Sun, 06 Nov 1994 08:49:37 GMT"),
        {.name = GV_SLICE("if-none-match"), .value = GV_SLICE("\"x\"")}};
    gv_request req = {.method = GV_GET, .headers = headers, .header_count = 2};

    CHECK(!gv_not_modified(&req, MODIFIED));
}
