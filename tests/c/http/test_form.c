#include "http/form.h"

#include "harness.h"

static gv_slice rest, name, value;

static void check_pair(bool (*next)(gv_slice *, gv_slice *, gv_slice *),
                       const char *expected_name, const char *expected_value)
{
    CHECK(next(&rest, &name, &value));
    CHECK_SLICE(name, expected_name);
    CHECK_SLICE(value, expected_value);
}

TEST(pairs_come_one_by_one)
{
    rest = gv_guarded_slice("a=1&b=2=3&c&=d&a=");
    check_pair(gv_form_next, "a", "1");
    check_pair(gv_form_next, "b", "2=3");
    check_pair(gv_form_next, "c", "");
    check_pair(gv_form_next, "", "d");
    check_pair(gv_form_next, "a", "");
    CHECK(!gv_form_next(&rest, &name, &value));
    CHECK(!gv_form_next(&rest, &name, &value));
}

TEST(empty_pairs_are_passed_over)
{
    rest = gv_guarded_slice("&&a=1&&");
    check_pair(gv_form_next, "a", "1");
    CHECK(!gv_form_next(&rest, &name, &value));
    rest = GV_SLICE_NONE;
    CHECK(!gv_form_next(&rest, &name, &value));
}

static void check_decoded(const char *text, const char *expected)
{
    gv_buf out = {0};

    gv_form_decode(&out, gv_guarded_slice(text));
    CHECK_SLICE(gv_buf_slice(&out), expected);
    gv_buf_dispose(&out);
}

TEST(plus_and_escapes_are_decoded)
{
    check_decoded("a+b%20c%2B%c3%A9", "a b c+\xc3\xa9");
    check_decoded("", "");
}

TEST(a_malformed_escape_stands_for_itself)
{
    check_decoded("100%", "100%");
    check_decoded("%4", "%4");
    check_decoded("%zz%41", "%zzA");
    check_decoded("%%41", "%A");
}

TEST(cookies_come_one_by_one)
{
    rest = gv_guarded_slice("a=1; b=\"two\" ;c=3;;junk; d=e=f; g=\"");
    check_pair(gv_cookie_next, "a", "1");
    check_pair(gv_cookie_next, "b", "two");
    check_pair(gv_cookie_next, "c", "3");
    check_pair(gv_cookie_next, "d", "e=f");
    check_pair(gv_cookie_next, "g", "\"");
    CHECK(!gv_cookie_next(&rest, &name, &value));
}
