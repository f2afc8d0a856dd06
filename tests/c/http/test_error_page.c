#include "http/error_page.h"

#include "harness.h"

#define HTML "text/html; charset=utf-8"
#define JSON "application/json"

static void check_type(const char *accept, const char *expected)
{
    gv_buf out = {0};

    CHECK_SLICE(gv_error_page(&out, 404, GV_SLICE_NONE, gv_guarded_slice(accept)),
                expected);
    gv_buf_dispose(&out);
}

TEST(people_get_html)
{
    check_type("", HTML);
    check_type("*/*", HTML);
    check_type("text/html,application/xhtml+xml,*/*;q=0.8", HTML);
    check_type("text/html, application/json", HTML);
    check_type("application/json;q=0.5, text/html;q=0.9", HTML);
    check_type("application/json;q=0", HTML);
    check_type("application/json;q=0, */*", HTML);
    check_type(",;,/,q=,;q=,", HTML);
}

TEST(programs_that_prefer_json_get_it)
{
    check_type("application/json", JSON);
    check_type("Application/JSON, */*;q=0.1", JSON);
    check_type("application/*", JSON);
    check_type("text/html;q=0.25, application/json;q=0.251", JSON);
    check_type("text/*;q=0.5, */*", JSON);
    check_type("application/json;charset=utf-8;q=1.0, text/html;q=0.999", JSON);
}

TEST(a_page_names_its_status)
{
    gv_buf out = {0};

    gv_error_page(&out, 404, GV_SLICE_NONE, GV_SLICE_NONE);
    CHECK(memmem(out.at, out.len, "<title>404 Not Found</title>", 28) != NULL);
    out.len = 0;
    gv_error_page(&out, 404, GV_SLICE_NONE, GV_SLICE(JSON));
    CHECK_SLICE(gv_buf_slice(&out), "{\"status\":404,\"error\":\"Not Found\"}\n");
    gv_buf_dispose(&out);
}

static bool has(const gv_buf *page, const char *text)
{
    return memmem(page->at, page->len, text, strlen(text)) != NULL;
}

TEST(a_detail_is_escaped)
{
    gv_slice detail = gv_guarded_slice("\"<b>\" & \xc3\xa9");
    gv_buf out = {0};

    gv_error_page(&out, 422, detail, GV_SLICE_NONE);
    CHECK(has(&out, "<p>&quot;&lt;b&gt;&quot; &amp; \xc3\xa9</p>"));
    out.len = 0;
    gv_error_page(&out, 422, detail, GV_SLICE(JSON));
    CHECK(has(&out, ",\"detail\":\"\\\"<b>\\\" & \xc3\xa9\"}\n"));
    gv_buf_dispose(&out);
}

TEST(a_long_detail_is_cut_between_two_characters)
{
    char text[GV_ERROR_DETAIL + 3];
    gv_buf out = {0};

    memset(text, 'x', sizeof(text));
    memcpy(text + GV_ERROR_DETAIL - 1, "\xc3\xa9", 2);
    gv_error_page(&out, 400, (gv_slice){text, sizeof(text)}, GV_SLICE(JSON));
    CHECK(has(&out, "xxx\"}\n"));
    CHECK(out.len < GV_ERROR_DETAIL + 60);
    gv_buf_dispose(&out);
}

TEST(json_is_weighed_against_the_type_of_a_page)
{
    gv_slice html = gv_guarded_slice(HTML), json = gv_guarded_slice(JSON);

    CHECK(!gv_prefers_json(GV_SLICE_NONE, html));
    CHECK(gv_prefers_json(GV_SLICE(JSON), html));
    CHECK(!gv_prefers_json(GV_SLICE("application/json, text/html"), html));
    CHECK(!gv_prefers_json(GV_SLICE(JSON), json));
    CHECK(gv_prefers_json(GV_SLICE("application/*, text/plain;q=0.5"),
                          gv_guarded_slice("text/plain")));
}
