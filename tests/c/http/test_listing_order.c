#include "http/listing_order.h"

#include "harness.h"

static void check_order(const char *query, gv_listing_column column, bool descending)
{
    gv_listing_order order = gv_listing_order_of(gv_guarded_slice(query));

    CHECK_INT(order.column, column);
    CHECK_INT(order.descending, descending);
}

TEST(a_query_chooses_column_and_direction)
{
    check_order("sort=name&order=asc", GV_LISTING_NAME, false);
    check_order("sort=size&order=desc", GV_LISTING_SIZE, true);
    check_order("order=desc&sort=modified", GV_LISTING_MODIFIED, true);
    check_order("sort=size", GV_LISTING_SIZE, false);
    check_order("order=desc", GV_LISTING_NAME, true);
    check_order("sort=size&sort=modified&order=desc&order=asc", GV_LISTING_MODIFIED,
                false);
}

TEST(what_a_query_says_beside_that_is_ignored)
{
    check_order("", GV_LISTING_NAME, false);
    check_order("&&=&sort", GV_LISTING_NAME, false);
    check_order("sort=&order=", GV_LISTING_NAME, false);
    check_order("sort=sizes&order=descending", GV_LISTING_NAME, false);
    check_order("Sort=size", GV_LISTING_NAME, false);
    check_order("v=1&sort=size&x=sort=name", GV_LISTING_SIZE, false);
    check_order("sort=size&sort=colour", GV_LISTING_SIZE, false);
}

TEST(names_stand_in_natural_order)
{
    /* clang-format off */
    static const char *const names[] = {
        "", "-", "01", "1", "2", "10", "a", "A1", "a1b", "a01c", "a2", "a10",
        "a18446744073709551616", "a18446744073709551617", "B", "b", "b.txt", "b.txt2",
        "\xc3\xa4"};
    /* clang-format on */
    const int count = sizeof(names) / sizeof(names[0]);

    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            int order = gv_natural_compare(gv_guarded_slice(names[i]),
                                           gv_guarded_slice(names[j]));

            gv_test_check((order > 0) - (order < 0) == (i > j) - (i < j), __FILE__,
                          __LINE__, "\"%s\" and \"%s\"", names[i], names[j]);
        }
}
