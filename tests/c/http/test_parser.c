#include "parsing.h"

TEST(a_head_is_taken_apart)
{
    static const char text[] = "POST /a%20b?x=1&y HTTP/1.1\r\n"
                               "Host: example.com:8000\r\n"
                               "X-Some:\t some\tvalue \t\r\n"
                               "Content-Length: 12\r\n"
                               "\r\n"
                               "body";

    REQUIRE(HEAD(text) == WHOLE(text) - 4);
    CHECK_INT(req.method, GV_POST);
    CHECK_SLICE(req.method_name, "POST");
    CHECK_SLICE(req.target, "/a%20b?x=1&y");
    CHECK_SLICE(req.raw_path, "/a%20b");
    CHECK_SLICE(req.query, "x=1&y");
    CHECK_SLICE(req.host, "example.com:8000");
    CHECK_INT(req.minor, 1);
    CHECK(req.keep_alive);
    CHECK(!req.chunked);
    CHECK(!req.expect_continue);
    CHECK_INT(req.content_length, 12);
    REQUIRE(req.header_count == 3);
    CHECK_SLICE(req.headers[1].name, "X-Some");
    CHECK_SLICE(req.headers[1].value, "some\tvalue");
    CHECK_INT(req.headers[1].field, GV_FIELD_OTHER);
    CHECK_INT(req.headers[2].field, GV_FIELD_CONTENT_LENGTH);
}

TEST(each_served_method_is_known)
{
    for (gv_method method = 0; method < GV_METHOD_COUNT; method++) {
        gv_slice name = gv_method_name(method);
        gv_buf text = {0};

        gv_buf_append_slice(&text, name);
        gv_buf_append_literal(&text, " / HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK_INT(outcome(text.at, text.len), (long long)text.len);
        CHECK_INT(req.method, method);
        gv_buf_dispose(&text);
    }
}

TEST(every_field_that_matters_is_recognised_in_any_case)
{
    static const struct {
        const char *name;
        gv_field field;
    } fields[] = {
        {"HOST", GV_FIELD_HOST},
        {"cOnnection", GV_FIELD_CONNECTION},
        {"Content-Type", GV_FIELD_CONTENT_TYPE},
        {"accept", GV_FIELD_ACCEPT},
        {"Cookie", GV_FIELD_COOKIE},
        {"IF-MODIFIED-SINCE", GV_FIELD_IF_MODIFIED_SINCE},
        {"Referer", GV_FIELD_REFERER},
        {"User-Agent", GV_FIELD_USER_AGENT},
        {"Accept-Encoding", GV_FIELD_ACCEPT_ENCODING},
        {"RANGE", GV_FIELD_RANGE},
        {"If-Match", GV_FIELD_IF_MATCH},
        {"If-None-Match", GV_FIELD_IF_NONE_MATCH},
        {"If-Unmodified-Since", GV_FIELD_IF_UNMODIFIED_SINCE},
        {"If-Range", GV_FIELD_IF_RANGE},
        {"Rangy", GV_FIELD_OTHER},
        {"If-Modified_Since", GV_FIELD_OTHER},
        {"If_Modified-Since", GV_FIELD_OTHER},
        {"Content.Type", GV_FIELD_OTHER},
        {"Cookies", GV_FIELD_OTHER},
        {"Hos", GV_FIELD_OTHER},
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        gv_buf text = {0};

        gv_buf_printf(&text, "GET / HTTP/1.0\r\n%s: a\r\n\r\n", fields[i].name);
        CHECK_INT(outcome(text.at, text.len), (long long)text.len);
        CHECK_INT(req.headers[0].field, fields[i].field);
        gv_buf_dispose(&text);
    }
}

TEST(a_transfer_encoding_with_one_strange_byte_is_another_field)
{
    CHECK_INT(OUTCOME(FIELDS("Transfer_Encoding: chunked\r\n")),
              WHOLE(FIELDS("Transfer_Encoding: chunked\r\n")));
    CHECK(!req.chunked);
    CHECK_INT(parser.llhttp.flags & F_CHUNKED, 0);
}

TEST(an_empty_value_is_an_empty_value)
{
    REQUIRE(HEAD(FIELDS("X-None:\r\nX-Blank: \t \r\n")) > 0);
    CHECK_SLICE(req.headers[1].value, "");
    CHECK_SLICE(req.headers[2].value, "");
}

TEST(obs_text_is_allowed_in_values)
{
    REQUIRE(HEAD(FIELDS("X-Name: caf\xe9\r\n")) > 0);
    CHECK_SLICE(req.headers[1].value, "caf\xe9");
}

TEST(empty_lines_before_the_request_line_are_skipped)
{
    static const char text[] = "\r\n\r\n" LINE("GET / HTTP/1.1");

    CHECK_INT(OUTCOME(text), WHOLE(text));
    CHECK_INT(OUTCOME("\r\n\r"), GV_AGAIN);
    CHECK_INT(OUTCOME("\r\n\r\n"), GV_AGAIN);
    CHECK_INT(OUTCOME(""), GV_AGAIN);
    CHECK_INT(OUTCOME("\n" LINE("GET / HTTP/1.1")), 400);
    CHECK_INT(OUTCOME("\rGET / HTTP/1.1"), 400);
    CHECK_INT(OUTCOME("\r\r\n" LINE("GET / HTTP/1.1")), 400);
}

TEST(empty_lines_count_against_the_request_line)
{
    static char text[200];

    for (size_t i = 0; i < sizeof(text); i += 2)
        memcpy(text + i, "\r\n", 2);
    CHECK_INT(outcome(text, limits.request_line), GV_AGAIN);
    CHECK_INT(outcome(text, limits.request_line + 1), 414);
}

/* ---- methods and versions ---- */

TEST(a_legal_method_that_is_not_served_is_501)
{
    CHECK_INT(OUTCOME(LINE("BREW / HTTP/1.1")), 501);
    CHECK_INT(OUTCOME(LINE("TRACE / HTTP/1.1")), 501);
    CHECK_INT(OUTCOME(LINE("GETX / HTTP/1.1")), 501);
    CHECK_INT(OUTCOME(LINE("get / HTTP/1.1")), 501);
    CHECK_INT(OUTCOME(LINE("PROPFIND / HTTP/1.1")), 501);
    CHECK_INT(OUTCOME(LINE("CONNECT a:443 HTTP/1.1")), 501);
    CHECK_INT(OUTCOME("BRE"), GV_AGAIN);
    CHECK_INT(OUTCOME("BREW "), 501);
}

TEST(a_method_that_is_no_token_is_400)
{
    CHECK_INT(OUTCOME(LINE("G(T / HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GE\x80T / HTTP/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("{} / HTTP/1.1")), 400);
    CHECK_INT(OUTCOME("\x16\x03\x01\x02"), 400);
}

TEST(other_versions_are_505_and_malformed_ones_400)
{
    CHECK_INT(OUTCOME(LINE("GET / HTTP/1.2")), 505);
    CHECK_INT(OUTCOME(LINE("GET / HTTP/2.0")), 505);
    CHECK_INT(OUTCOME(LINE("GET / HTTP/0.9")), 505);
    CHECK_INT(OUTCOME(LINE("GET / HTTP/3.7")), 505);
    CHECK_INT(OUTCOME(LINE("GET / HTTP/1.10")), 400);
    CHECK_INT(OUTCOME(LINE("GET / HTTP/11")), 400);
    CHECK_INT(OUTCOME(LINE("GET / HTTP/2")), 400);
    CHECK_INT(OUTCOME(LINE("GET / HTTP/x.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET / http/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("GET / HTTPS/1.1")), 400);
    CHECK_INT(OUTCOME(LINE("OPTIONS / RTSP/1.0")), 400);
    CHECK_INT(OUTCOME(LINE("GET / HTTP/1.1 ")), 400);
    CHECK_INT(OUTCOME(LINE("GET /")), 400);
    CHECK_INT(OUTCOME("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
}

TEST(http_1_0_needs_no_host)
{
    CHECK_INT(OUTCOME("GET / HTTP/1.0\r\n\r\n"), WHOLE("GET / HTTP/1.0\r\n\r\n"));
    CHECK(req.host.at == NULL);
    CHECK_INT(req.minor, 0);
    CHECK(!req.keep_alive);
}

/* ---- Host ---- */

TEST(http_1_1_needs_one_host)
{
    CHECK_INT(OUTCOME("GET / HTTP/1.1\r\n\r\n"), 400);
    CHECK_INT(OUTCOME(FIELDS("Host: a\r\n")), 400);
}

/* What becomes of a request to `host`. */
static ssize_t with_host(const char *host)
{
    gv_buf text = {0};
    ssize_t result;

    gv_buf_printf(&text, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    result = outcome(text.at, text.len);
    gv_buf_dispose(&text);
    return result;
}

TEST(a_host_is_a_name_or_an_address_and_maybe_a_port)
{
    static const char *good[] = {"a",          "a.b-c_d", "127.0.0.1:80", "[::1]",
                                 "[::1]:8000", "a:",      "a%20b",        "~a!b"};
    static const char *bad[] = {"",    ":80",  "a:b",   "a:80:80", "a b",    "a/b",
                                "u@a", "[::1", "[::g]", "[]",      "[::1]x", "a,b/",
                                "a%2", "a%zz", "\"a\"", "a\x80",   "<a>",    "a?b"};

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        gv_test_check(with_host(good[i]) > 0 && with_host(good[i]) != 400, __FILE__,
                      __LINE__, "%s is accepted", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        gv_test_check(with_host(bad[i]) == 400, __FILE__, __LINE__, "%s is refused",
                      bad[i]);
}

/* ---- Connection, Expect ---- */

TEST(connection_is_a_list_of_tokens)
{
    REQUIRE(HEAD(FIELDS("Connection: x, Close ,y\r\n")) > 0);
    CHECK(!req.keep_alive);
    REQUIRE(HEAD(FIELDS("Connection: xclose, closex\r\n")) > 0);
    CHECK(req.keep_alive);
    REQUIRE(HEAD(FIELDS("Connection: x\r\nConnection: close\r\n")) > 0);
    CHECK(!req.keep_alive);
    REQUIRE(HEAD("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n") > 0);
    CHECK(req.keep_alive);
    REQUIRE(HEAD("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n") > 0);
    CHECK(!req.keep_alive);
}

TEST(only_100_continue_can_be_expected)
{
    REQUIRE(HEAD(FIELDS("Expect: 100-Continue\r\n")) > 0);
    CHECK(req.expect_continue);
    REQUIRE(HEAD("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n") > 0);
    CHECK(!req.expect_continue);
    CHECK_INT(OUTCOME(FIELDS("Expect: tea\r\n")), 417);
    CHECK_INT(OUTCOME(FIELDS("Expect:\r\n")), 417);
    CHECK_INT(OUTCOME(FIELDS("Expect: 100-continue, tea\r\n")), 417);
}

TEST(an_upgrade_is_ignored)
{
    static const char text[] =
        FIELDS("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 4\r\n");

    CHECK_INT(OUTCOME(text), WHOLE(text));
    CHECK_INT(req.content_length, 4);
    CHECK(req.keep_alive);
}

/* ---- framing ---- */

TEST(a_content_length_is_one_plain_number)
{
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 9223372036854775807\r\n")),
              WHOLE(FIELDS("Content-Length: 9223372036854775807\r\n")));
    CHECK(req.content_length == INT64_MAX);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 9223372036854775808\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 18446744073709551616\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 99999999999999999999999\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: -1\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: +1\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 0x1\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 1, 1\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 1 1\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 1.0\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length:\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: \t \r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 1\r\nContent-Length: 1\r\n")), 400);
    REQUIRE(HEAD(FIELDS("Content-Length: 0\r\n")) > 0);
    CHECK_INT(req.content_length, 0);
    REQUIRE(HEAD(FIELDS("")) > 0);
    CHECK_INT(req.content_length, -1);
}

TEST(only_chunked_by_itself_is_understood)
{
    REQUIRE(HEAD(FIELDS("Transfer-Encoding: Chunked\r\n")) > 0);
    CHECK(req.chunked);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: gzip, chunked\r\n")), 501);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: gzip\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: chunked, gzip\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: chunked, chunked\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: chunked,\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: ,chunked\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: xchunked\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: chunked;a=b\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: \"chunked\"\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: \vchunked\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding:\r\n")), 400);
    CHECK_INT(
        OUTCOME(FIELDS("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
        400);
    CHECK_INT(OUTCOME("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(two_framings_at_once_are_refused)
{
    CHECK_INT(OUTCOME(FIELDS("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")),
              400);
    CHECK_INT(OUTCOME(FIELDS("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n")),
              400);
}

TEST(llhttp_and_guava_agree_on_what_is_chunked)
{
    static const char *values[] = {"chunked", "CHUNKED", "chunked ", " \tchunked"};

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        gv_buf text = {0};

        gv_buf_printf(&text,
                      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: %s\r\n\r\n",
                      values[i]);
        if (outcome(text.at, text.len) == (ssize_t)text.len)
            CHECK(req.chunked && (parser.llhttp.flags & F_CHUNKED) != 0);
        else
            CHECK_INT(parser.status, 400);
        gv_buf_dispose(&text);
    }
}

/* ---- field lines ---- */

TEST(malformed_field_lines_are_refused)
{
    CHECK_INT(OUTCOME(FIELDS("X : a\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("X\t: a\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS(" X: a\r\n")), 400);
    CHECK_INT(OUTCOME("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), 400);
    CHECK_INT(OUTCOME(FIELDS("X Y: a\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS(": a\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("X\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("X: a\r\n b\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("X:\r\n\tb\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("X: a\rb\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("X: a\n")), 400);
    CHECK_INT(OUTCOME("GET / HTTP/1.1\nHost: a\n\n"), 400);
    CHECK_INT(OUTCOME("GET / HTTP/1.1\r\nHost: a\r\n\n"), 400);
    CHECK_INT(OUTCOME(FIELDS("X\x80: a\r\n")), 400);
    CHECK_INT(OUTCOME(FIELDS("X(: a\r\n")), 400);
}

TEST(control_characters_in_values_are_refused)
{
    for (int byte = 0; byte < 256; byte++) {
        char text[] = FIELDS("X: a?b\r\n");
        bool allowed = byte == '\t' || (byte >= ' ' && byte != 0x7f);

        *strchr(text, '?') = (char)byte;
        gv_test_check((OUTCOME(text) == WHOLE(text)) == allowed, __FILE__, __LINE__,
                      "byte %d is %s", byte, allowed ? "allowed" : "refused");
        if (!allowed)
            CHECK_INT(parser.status, 400);
    }
}

/* ---- splits ---- */

/* Where HTAB may stand: around a value and in it. */
static bool is_in_value(const char *text, size_t at)
{
    size_t line = at;

    while (line > 0 && text[line - 1] != '\n')
        line--;
    return line > 0 && memchr(text + line, ':', at - line) != NULL;
}

TEST(a_control_character_anywhere_in_a_head_is_refused)
{
    static const char head[] = "PUT /a?b HTTP/1.1\r\nHost: a\r\nX-Y: z, \xe4\r\n\r\n";
    const size_t len = sizeof(head) - 1;

    for (size_t at = 0; at < len - 1; at++)
        for (int byte = 0; byte <= 0x7f; byte = byte == 0x1f ? 0x7f : byte + 1) {
            gv_buf text = {0};

            if (byte == '\t' && is_in_value(head, at))
                continue;
            gv_buf_append(&text, head, at);
            gv_buf_append(&text, &(char){(char)byte}, 1);
            gv_buf_append(&text, head + at, len - at);
            CHECK_INT(outcome(text.at, text.len), 400);
            gv_buf_dispose(&text);
        }
}

TEST(a_head_that_stops_short_is_waited_for)
{
    static const char *texts[] = {
        "POST /a%20b?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nExpect: "
        "100-continue\r\nConnection: close\r\n\r\n",
        "OPTIONS * HTTP/1.0\r\n\r\n",
        "\r\n\r\nPUT http://a/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: "
        "a\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size_t len = strlen(texts[i]);

        for (size_t split = 0; split < len; split++)
            CHECK_INT(outcome(texts[i], split), GV_AGAIN);
        CHECK_INT(outcome(texts[i], len), (long long)len);
    }
}

TEST(a_bad_head_is_refused_alike_wherever_it_is_split)
{
    static const char *texts[] = {
        LINE("BREW / HTTP/1.1"),      LINE("GET / HTTP/1.2"),
        LINE("GET / HTTP/2.0"),       LINE("GET /\x80 HTTP/1.1"),
        LINE("G@T / HTTP/1.1"),       FIELDS("Expect: tea\r\n"),
        FIELDS("X : y\r\n"),          FIELDS("Content-Length: 1x\r\n"),
        FIELDS("X: a\r\n b\r\n"),     FIELDS("Transfer-Encoding: gzip, chunked\r\n"),
        LINE("GET / HTTP/1.1\rx"),    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        LINE("CONNECT a:1 HTTP/1.1"), LINE("OPTIONS / RTSP/1.0"),
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size_t len = strlen(texts[i]);
        ssize_t whole = outcome(texts[i], len);

        CHECK(whole >= 400 && whole < 600);
        for (size_t split = 0; split < len; split++) {
            ssize_t result = outcome(texts[i], split);

            if (result != GV_AGAIN)
                CHECK_INT(result, whole);
        }
    }
}

TEST(pipelined_heads_are_found_one_behind_the_other)
{
    static const char text[] = LINE("GET /1 HTTP/1.1") LINE("GET /2 HTTP/1.1");
    const char *at = gv_guarded(text, sizeof(text) - 1);
    ssize_t len = HEAD(text);

    REQUIRE(len > 0);
    CHECK_SLICE(req.raw_path, "/1");
    CHECK_INT(gv_parser_head(&parser, &req, at + len, sizeof(text) - 1 - (size_t)len),
              len);
    CHECK_SLICE(req.raw_path, "/2");
}

TEST(a_promoted_request_points_into_its_own_memory)
{
    static const char text[] =
        "GET http://a/b?c HTTP/1.1\r\nHost: a\r\nCookie: d=e\r\n\r\n";
    char data[sizeof(text)], kept[sizeof(text)];
    gv_header storage[8];

    memcpy(data, text, sizeof(text));
    REQUIRE(gv_parser_head(&parser, &req, data, sizeof(text) - 1) > 0);
    memcpy(kept, data, sizeof(text));
    gv_request_move(&req, data, sizeof(text) - 1, kept, storage);
    memset(data, '#', sizeof(data));
    CHECK_SLICE(req.method_name, "GET");
    CHECK_SLICE(req.target, "http://a/b?c");
    CHECK_SLICE(req.raw_path, "/b");
    CHECK_SLICE(req.query, "c");
    CHECK_SLICE(req.host, "a");
    CHECK_SLICE(gv_request_field(&req, GV_FIELD_COOKIE), "d=e");
    CHECK_SLICE(gv_request_header(&req, GV_SLICE("cookie")), "d=e");
    CHECK(gv_request_header(&req, GV_SLICE("Accept")).at == NULL);
    CHECK(req.headers == storage);
    gv_parser_dispose(&parser);
}
