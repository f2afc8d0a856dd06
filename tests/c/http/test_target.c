#include "parsing.h"

TEST(an_absolute_target_names_host_and_path)
{
    REQUIRE(
        HEAD("GET HTTP://Example.com/x?y HTTP/1.1\r\nHost: example.COM:80\r\n\r\n") >
        0);
    CHECK_SLICE(req.host, "Example.com");
    CHECK_SLICE(req.raw_path, "/x");
    CHECK_SLICE(req.query, "y");
    REQUIRE(HEAD("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n") > 0);
    CHECK_SLICE(req.raw_path, "/");
    REQUIRE(HEAD("GET http://a?b/c HTTP/1.1\r\nHost: a\r\n\r\n") > 0);
    CHECK_SLICE(req.raw_path, "/");
    CHECK_SLICE(req.query, "b/c");
    REQUIRE(HEAD("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n") > 0);
    CHECK_SLICE(req.raw_path, "*");
}

TEST(a_host_that_contradicts_an_absolute_target_is_refused)
{
    CHECK_INT(OUTCOME(LINE("GET http://b/ HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET http://a:8000/ HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET https://a:80/ HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET https://a:443/ HTTP/1.1")),
              WHOLE(LINE("GET https://a:443/ HTTP/1.1")));
}

TEST(an_asterisk_is_for_options_alone)
{
    REQUIRE(HEAD(LINE("OPTIONS * HTTP/1.1")) > 0);
    CHECK_SLICE(req.raw_path, "*");
    CHECK_INT(OUTCOME(LINE("GET * HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("OPTIONS *x HTTP/1.1")), 400);
}

TEST(malformed_targets_are_refused)
{
    CHECK_INT(OUTCOME(LINE("GET x HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET ?x HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET /a#b HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET /a?b#c HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET /\x80 HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET /\x01 HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET /\x7f HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET /\t HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET /a b HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET ftp://a/ HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET http:///x HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET http://u@a/ HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET  / HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET /  HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET\t/ HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE(" GET / HTTP/1.1")), 400);
}
