#include "http/access_format.h"

#include "harness.h"

static gv_header headers[] = {
    {GV_SLICE("Host"), GV_SLICE("example.org"), GV_FIELD_HOST},
    {GV_SLICE("Referer"), GV_SLICE("http://a/"), GV_FIELD_REFERER},
    {GV_SLICE("User-Agent"), GV_SLICE("curl/8.0 (x)"), GV_FIELD_USER_AGENT},
};

static gv_request request_of(const char *target, const char *path, const char *query)
{
    return (gv_request){.method = GV_GET,
                        .method_name = gv_guarded_slice("GET"),
                        .target = gv_guarded_slice(target),
                        .raw_path = gv_guarded_slice(path),
                        .query = gv_guarded_slice(query),
                        .host = gv_guarded_slice("example.org"),
                        .minor = 1,
                        .headers = headers,
                        .header_count = 3};
}

static gv_access access_of(const gv_request *req)
{
    return (gv_access){.req = req,
                       .client = gv_guarded_slice("192.0.2.1"),
                       .status = 200,
                       .bytes = 12,
                       .duration_us = 345,
                       .time = 1795449600, /* 2026-11-23 16:00:00 UTC */
                       .id = 0x0123456789abcdef};
}

static void render(const char *format, const gv_access *access, gv_buf *out)
{
    gv_access_format *compiled = gv_access_format_new(format);

    REQUIRE(compiled != NULL);
    gv_access_format_render(compiled, access, out);
    gv_access_format_free(compiled);
}

static void check_line(const char *format, const gv_access *access, const char *line)
{
    gv_buf out = {0};

    render(format, access, &out);
    CHECK_SLICE(gv_buf_slice(&out), line);
    gv_buf_dispose(&out);
}

/* What a template makes of a request whose User-Agent is `value`. */
static void check_user_agent(const char *format, gv_slice value, const char *line)
{
    gv_header header = {GV_SLICE("User-Agent"), value, GV_FIELD_USER_AGENT};
    gv_request req = request_of("/", "/", "");
    gv_access access = access_of(&req);

    req.headers = &header;
    req.header_count = 1;
    check_line(format, &access, line);
}

TEST(combined_is_what_apache_and_nginx_write)
{
    gv_request req = request_of("/x?a=1", "/x", "a=1");
    gv_access access = access_of(&req);

    check_line("combined", &access,
               "192.0.2.1 - - [23/Nov/2026:16:00:00 +0000] \"GET /x?a=1 HTTP/1.1\" 200 "
               "12 \"http://a/\" \"curl/8.0 (x)\"\n");
}

TEST(combined_has_dashes_for_what_is_absent)
{
    gv_request req = request_of("/", "/", "");
    gv_access access = access_of(&req);

    req.header_count = 0;
    req.minor = 0;
    access.bytes = 0;
    access.client = GV_SLICE("unix");
    check_line("combined", &access,
               "unix - - [23/Nov/2026:16:00:00 +0000] \"GET / HTTP/1.0\" 200 0 \"-\" "
               "\"-\"\n");
}

TEST(combined_has_a_dash_for_a_request_that_could_not_be_parsed)
{
    gv_access access = access_of(NULL);

    access.status = 400;
    check_line("combined", &access,
               "192.0.2.1 - - [23/Nov/2026:16:00:00 +0000] \"-\" 400 12 \"-\" \"-\"\n");
}

TEST(json_is_one_object_a_line)
{
    gv_request req = request_of("/x?a=1", "/x", "a=1");
    gv_access access = access_of(&req);

    check_line("json", &access,
               "{\"time\":\"2026-11-23T16:00:00Z\",\"client\":\"192.0.2.1\","
               "\"method\":\"GET\",\"target\":\"/x?a=1\",\"version\":\"1.1\","
               "\"status\":200,\"bytes\":12,\"duration_us\":345,"
               "\"request_id\":\"0123456789abcdef\",\"referer\":\"http://a/\","
               "\"user_agent\":\"curl/8.0 "
               "(x)\",\"host\":\"example.org\",\"scheme\":\"http\"}\n");
}

TEST(json_has_null_for_what_is_absent)
{
    gv_access access = access_of(NULL);

    access.status = 400;
    access.id = 7;
    check_line("json", &access,
               "{\"time\":\"2026-11-23T16:00:00Z\",\"client\":\"192.0.2.1\","
               "\"method\":null,\"target\":null,\"version\":null,"
               "\"status\":400,\"bytes\":12,\"duration_us\":345,"
               "\"request_id\":\"0000000000000007\",\"referer\":null,"
               "\"user_agent\":null,\"host\":null,\"scheme\":null}\n");
}

TEST(a_template_may_hold_every_placeholder)
{
    gv_request req = request_of("/x?a=1", "/x", "a=1");
    gv_access access = access_of(&req);

    check_line("<{client}|{time}|{method}|{target}|{path}|{query}|{version}>", &access,
               "<192.0.2.1|2026-11-23T16:00:00Z|GET|/x?a=1|/x|a=1|1.1>\n");
    check_line(
        "{status} {bytes} {referer} \"{user_agent}\" {duration_us}us {request_id} "
        "{host}",
        &access,
        "200 12 http://a/ \"curl/8.0 (x)\" 345us 0123456789abcdef example.org\n");
}

TEST(what_a_trusted_proxy_says_is_logged)
{
    gv_request req = request_of("/", "/", "");
    gv_access access = access_of(&req);

    req.https = true;
    req.id = gv_guarded_slice("a/b=");
    check_line("{scheme} {request_id} {status}", &access, "https a/b= 200\n");
    check_line("{request_id}/{status}", &access, "a\\x2Fb=/200\n");
}

TEST(a_template_has_dashes_for_what_is_absent_or_empty)
{
    gv_request req = request_of("/", "/", "");
    gv_access access = access_of(&req);

    req.host = GV_SLICE("");
    req.header_count = 0;
    check_line("{query} {host} {referer}", &access, "- - -\n");
    access.req = NULL;
    check_line("{method} {path} {version} {status}", &access, "- - - 200\n");
}

TEST(placeholders_may_stand_side_by_side)
{
    gv_request req = request_of("/", "/", "");
    gv_access access = access_of(&req);

    check_line("{method}{path}", &access, "GET/\n");
}

TEST(a_wrong_template_is_refused)
{
    static const char *const wrong[] = {
        "",          "no placeholder", "{nothing}",  "{}",        "{client",
        "{client}}", "{{client}}",     "{client} }", "{ client}", "{client}{",
        "{Client}",  "Combined",       "{clientt}",  "{clien}",   "{client{status}}",
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK(gv_access_format_new(wrong[i]) == NULL);
}

TEST(a_request_forges_no_line)
{
    gv_slice value = GV_SLICE("x\"\n127.0.0.1 - - \\\xc3\xa9\x7f");
    gv_slice guarded = {gv_guarded(value.at, value.len), value.len};

    check_user_agent("\"{user_agent}\"", guarded,
                     "\"x\\x22\\x0A127.0.0.1 - - \\x5C\\xC3\\xA9\\x7F\"\n");
}

TEST(a_request_forges_no_json)
{
    gv_request req = request_of("/\"}\n{\"\\", "/", "");
    gv_access access = access_of(&req);
    gv_buf out = {0};

    render("json", &access, &out);
    CHECK(
        memmem(out.at, out.len, "\"target\":\"/\\u0022}\\u000A{\\u0022\\u005C\",", 39));
    CHECK(memchr(out.at, '\n', out.len) == out.at + out.len - 1);
    gv_buf_dispose(&out);
}

TEST(a_request_forges_no_field_of_a_template)
{
    gv_slice value = gv_guarded_slice("a b|c");

    check_user_agent("{user_agent} {status}", value, "a\\x20b|c 200\n");
    check_user_agent("{user_agent}|{status}", value, "a b\\x7Cc|200\n");
    check_user_agent("{status} {user_agent}", value, "200 a b|c\n");
    check_user_agent("{user_agent}b{status}", value, "a b|cb200\n");
}

TEST(the_time_is_true_for_each_line)
{
    gv_access_format *format = gv_access_format_new("{time}");
    gv_access access = access_of(NULL);
    gv_buf out = {0};

    REQUIRE(format != NULL);
    access.time = 0;
    gv_access_format_render(format, &access, &out);
    gv_access_format_render(format, &access, &out);
    access.time = 951782399; /* the second before a leap day ends the month */
    gv_access_format_render(format, &access, &out);
    access.time++;
    gv_access_format_render(format, &access, &out);
    CHECK_SLICE(gv_buf_slice(&out), "1970-01-01T00:00:00Z\n1970-01-01T00:00:00Z\n"
                                    "2000-02-28T23:59:59Z\n2000-02-29T00:00:00Z\n");
    gv_buf_dispose(&out);
    gv_access_format_free(format);
}

TEST(lines_are_appended)
{
    gv_access access = access_of(NULL);
    gv_buf out = {0};

    gv_buf_append_literal(&out, "before\n");
    render("{status}", &access, &out);
    CHECK_SLICE(gv_buf_slice(&out), "before\n200\n");
    gv_buf_dispose(&out);
}
