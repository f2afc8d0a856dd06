#include "base/slice.h"

#include "harness.h"

TEST(slices_are_compared_by_their_bytes)
{
    CHECK(gv_slice_equal(gv_guarded_slice("Host"), GV_SLICE("Host")));
    CHECK(!gv_slice_equal(gv_guarded_slice("Host"), GV_SLICE("host")));
    CHECK(!gv_slice_equal(gv_guarded_slice("Host"), GV_SLICE("Hosts")));
    CHECK(gv_slice_equal(GV_SLICE_NONE, GV_SLICE("")));
}

TEST(case_is_ignored_where_asked)
{
    CHECK(
        gv_slice_equal_nocase(gv_guarded_slice("Keep-Alive"), GV_SLICE("kEEP-aLIVE")));
    CHECK(!gv_slice_equal_nocase(gv_guarded_slice("close"), GV_SLICE("closed")));
    CHECK(gv_slice_equal_nocase(GV_SLICE_NONE, GV_SLICE("")));
}

TEST(a_prefix_is_never_longer_than_the_text)
{
    CHECK(gv_slice_starts_with(gv_guarded_slice("/static/a"), GV_SLICE("/static/")));
    CHECK(!gv_slice_starts_with(gv_guarded_slice("/stat"), GV_SLICE("/static/")));
    CHECK(gv_slice_starts_with(GV_SLICE_NONE, GV_SLICE("")));
}

TEST(the_rest_of_a_slice_may_be_empty)
{
    gv_slice text = gv_guarded_slice("abc");

    CHECK_SLICE(gv_slice_from(text, 1), "bc");
    CHECK_SLICE(gv_slice_from(text, 3), "");
}

TEST(spaces_and_tabs_at_either_end_are_trimmed)
{
    CHECK_SLICE(gv_slice_trim(gv_guarded_slice(" \t a b \t")), "a b");
    CHECK_SLICE(gv_slice_trim(gv_guarded_slice(" \t ")), "");
    CHECK_SLICE(gv_slice_trim(gv_guarded_slice("\nx")), "\nx");
}
