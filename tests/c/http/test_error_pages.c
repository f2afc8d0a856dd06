#include "http/error_pages.h"

#include "harness.h"

TEST(a_page_is_found_by_its_status)
{
    gv_error_pages *pages = gv_error_pages_new();

    CHECK(gv_error_pages_find(pages, 404) == NULL);
    gv_error_pages_add(pages, 404, GV_SLICE("text/html"), gv_guarded_slice("none"));
    gv_error_pages_add(pages, 500, GV_SLICE("text/plain"), gv_guarded_slice(""));
    gv_error_pages_add(pages, 404, GV_SLICE("text/plain"), gv_guarded_slice("second"));
    REQUIRE(gv_error_pages_find(pages, 404) != NULL);
    CHECK_SLICE(gv_error_pages_find(pages, 404)->type, "text/html");
    CHECK_SLICE(gv_error_pages_find(pages, 404)->text, "none");
    CHECK_SLICE(gv_error_pages_find(pages, 500)->text, "");
    CHECK(gv_error_pages_find(pages, 500)->handler == NULL);
    CHECK(gv_error_pages_find(pages, 403) == NULL);
    gv_error_pages_free(pages);
}

TEST(the_application_may_make_a_page)
{
    gv_error_pages *pages = gv_error_pages_new();
    int handler;

    gv_error_pages_add_handler(pages, 404, &handler);
    REQUIRE(gv_error_pages_find(pages, 404) != NULL);
    CHECK(gv_error_pages_find(pages, 404)->handler == &handler);
    gv_error_pages_free(pages);
}
