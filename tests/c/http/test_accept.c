#include "http/accept.h"

#include "harness.h"

#define HTML "text/html"

static int quality(const char *accept, const char *type)
{
    return gv_accept_quality(gv_guarded_slice(accept), gv_guarded_slice(type));
}

TEST(a_type_has_the_weight_of_the_range_that_names_it)
{
    CHECK_INT(quality("text/html", HTML), 1000);
    CHECK_INT(quality("text/html;q=0.5", HTML), 500);
    CHECK_INT(quality("text/html ; Q=0.25", HTML), 250);
    CHECK_INT(quality("text/html;q=0.123", HTML), 123);
    CHECK_INT(quality("text/html;q=1.000", HTML), 1000);
    CHECK_INT(quality("text/html;q=0", HTML), 0);
    CHECK_INT(quality("text/html;q=.5", HTML), 500);
    CHECK_INT(quality("TEXT/Html", HTML), 1000);
    CHECK_INT(quality("a/b, text/html;q=0.5, c/d", HTML), 500);
}

TEST(a_type_that_no_range_names_is_not_accepted)
{
    CHECK_INT(quality("", HTML), 0);
    CHECK_INT(quality("text/plain", HTML), 0);
    CHECK_INT(quality("text/htm", HTML), 0);
    CHECK_INT(quality("text/htmlx", HTML), 0);
    CHECK_INT(quality("image/*", HTML), 0);
    CHECK_INT(quality("text", HTML), 0);
    CHECK_INT(quality("text/", HTML), 0);
    CHECK_INT(quality("*/*", ""), 0);
    CHECK_INT(quality("text/*", "text"), 0);
}

TEST(the_most_exact_range_decides)
{
    CHECK_INT(quality("*/*;q=0.1, text/*;q=0.2, text/html;q=0.3", HTML), 300);
    CHECK_INT(quality("text/html;q=0.3, text/*;q=0.2, */*;q=0.1", HTML), 300);
    CHECK_INT(quality("text/*;q=0.2, */*", HTML), 200);
    CHECK_INT(quality("*/*, text/html;q=0", HTML), 0);
}

TEST(parameters_make_a_range_more_exact)
{
    const char *accept = "text/html;level=1;q=0.3, text/html;q=0.7, text/*;q=0.5";

    CHECK_INT(quality(accept, "text/html;level=1"), 300);
    CHECK_INT(quality(accept, "text/html; LEVEL=1; charset=utf-8"), 300);
    CHECK_INT(quality(accept, "text/html"), 700);
    CHECK_INT(quality(accept, "text/html;level=2"), 700);
    CHECK_INT(quality(accept, "text/plain"), 500);
}

TEST(a_range_with_a_charset_stands_for_its_type)
{
    CHECK_INT(quality("text/html; charset=utf-8", HTML), 1000);
    CHECK_INT(quality("text/html; charset=utf-8;q=0.5", HTML), 500);
}

TEST(what_follows_the_weight_is_no_parameter_of_the_type)
{
    CHECK_INT(quality("text/html;q=0.5;level=1", HTML), 500);
}

TEST(what_is_quoted_separates_nothing)
{
    CHECK_INT(quality("a/b;c=\"x,text/html\"", HTML), 0);
    CHECK_INT(quality("text/html;a=\";q=0\";q=0.5", HTML), 500);
    CHECK_INT(quality("a/b;c=\"\\\",\", text/html;q=0.5", HTML), 500);
    CHECK_INT(quality("a/b;c=\"text/html, text/html", HTML), 0);
    CHECK_INT(quality("a/b;c=\"\\", HTML), 0);
}

TEST(odd_pieces_are_passed_over)
{
    CHECK_INT(quality(",;,/,q=,;q=, text/html;;q=0.5,", HTML), 500);
    CHECK_INT(quality("text/html;q=", HTML), 0);
    CHECK_INT(quality("text/html;q=x", HTML), 1000);
    CHECK_INT(quality("text/html;q=0.5555555555", HTML), 555);
}
