#include "http/proxy_protocol.h"

#include "base/result.h"

#include "harness.h"

#include <stdio.h>

#define SIGNATURE      "\r\n\r\n\0\r\nQUIT\n"
#define BYTES(literal) ((gv_slice){(literal), sizeof(literal) - 1})

/* Behind any header stands what must not be touched. */
static const gv_slice request = {"GET / HTTP/1.1\r\n", 16};

/* `header` with the request behind it, at a guard page. */
static gv_slice followed(gv_slice header)
{
    char both[4096];

    REQUIRE(header.len + request.len <= sizeof(both));
    memcpy(both, header.at, header.len);
    memcpy(both + header.len, request.at, request.len);
    return (gv_slice){gv_guarded(both, header.len + request.len),
                      header.len + request.len};
}

/* Every shorter part of it falls short, whatever stands behind it is left alone, and it
 * names `client` ("" for nobody). */
static void check_header(gv_slice header, const char *client)
{
    char text[GV_PEER_TEXT];
    gv_proxy_header got;

    for (size_t len = 0; len < header.len; len++) {
        gv_slice part = {gv_guarded(header.at, len), len};

        CHECK_INT(gv_proxy_header_parse(&got, part), GV_AGAIN);
    }
    REQUIRE(gv_proxy_header_parse(&got, followed(header)) == (ssize_t)header.len);
    if (*client == '\0')
        CHECK_INT(got.client.family, AF_UNSPEC);
    else
        CHECK_SLICE(gv_peer_text(&got.client, text), client);
}

/* Malformed with what follows, and never taken for whole before. */
static void check_malformed(gv_slice header)
{
    gv_proxy_header got;

    CHECK_INT(gv_proxy_header_parse(&got, followed(header)), GV_BAD);
    for (size_t len = 0; len < header.len; len++) {
        gv_slice part = {gv_guarded(header.at, len), len};

        CHECK(gv_proxy_header_parse(&got, part) < 0);
    }
}

TEST(a_line_names_the_client)
{
    check_header(BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 4711 80\r\n"), "192.0.2.1");
    check_header(BYTES("PROXY TCP6 2001:db8::1 ::1 0 65535\r\n"), "2001:db8::1");
    check_header(BYTES("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 1 2\r\n"),
                 "192.0.2.1");
}

TEST(a_line_may_name_nobody)
{
    check_header(BYTES("PROXY UNKNOWN\r\n"), "");
    check_header(BYTES("PROXY UNKNOWN 192.0.2.1 what ever\r\n"), "");
}

TEST(the_longest_line_is_taken_and_no_longer_one)
{
    char line[200];
    int len = snprintf(line, sizeof(line), "PROXY UNKNOWN %091d\r\n", 0);

    CHECK_INT(len, 107);
    check_header((gv_slice){line, (size_t)len}, "");
    len = snprintf(line, sizeof(line), "PROXY UNKNOWN %092d\r\n", 0);
    check_malformed((gv_slice){line, (size_t)len});
}

TEST(a_line_that_is_not_exact_is_malformed)
{
    static const char *const lines[] = {
        "PROXY\r\n",
        "PROXY \r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP4 \r\n",
        "PROXY TCP4 192.0.2.1\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 \r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n",
        "PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n",
        "PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY TCP6 [::1] ::1 1 2\r\n",
        "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY UNKNOWNX\r\n",
        "PROXY\tTCP4 192.0.2.1 192.0.2.2 1 2\r\n",
        "proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        check_malformed(gv_slice_of(lines[i]));
    check_malformed(BYTES("PROXY TCP4 192.0.2.1\0 192.0.2.2 1 2\r\n"));
}

TEST(something_else_is_known_by_its_first_bytes)
{
    gv_proxy_header got;

    CHECK_INT(gv_proxy_header_parse(&got, gv_guarded_slice("G")), GV_BAD);
    CHECK_INT(gv_proxy_header_parse(&got, gv_guarded_slice("PO")), GV_BAD);
    CHECK_INT(gv_proxy_header_parse(&got, gv_guarded_slice("PROXYX")), GV_BAD);
    CHECK_INT(gv_proxy_header_parse(&got, gv_guarded_slice("\r\n\r\nG")), GV_BAD);
    CHECK_INT(gv_proxy_header_parse(&got, gv_guarded_slice("\x16\x03\x01")), GV_BAD);
}

#define V4 "\xc0\x00\x02\x01\xc6\x33\x64\x02\x12\x67\x00\x50"
#define V6_MAPPED                                                                      \
    "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x01"                                       \
    "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x02\0\1\0\2"
#define V6                                                                             \
    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"                                         \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\1\0\2"

TEST(a_binary_header_names_the_client)
{
    check_header(BYTES(SIGNATURE "\x21\x11\x00\x0c" V4), "192.0.2.1");
    check_header(BYTES(SIGNATURE "\x21\x12\x00\x0c" V4), "192.0.2.1");
    check_header(BYTES(SIGNATURE "\x21\x21\x00\x24" V6), "2001:db8::1");
    check_header(BYTES(SIGNATURE "\x21\x21\x00\x24" V6_MAPPED), "192.0.2.1");
}

TEST(a_binary_header_may_name_a_unix_socket)
{
    char header[16 + 216] = SIGNATURE "\x21\x31\x00\xd8/tmp/client";

    check_header((gv_slice){header, sizeof(header)}, "unix");
}

TEST(further_values_behind_the_addresses_are_passed_over)
{
    check_header(BYTES(SIGNATURE "\x21\x11\x00\x13" V4 "\x03\x00\x04\1\2\3\4"),
                 "192.0.2.1");
}

TEST(the_longest_binary_header_is_taken)
{
    static char header[16 + 65535] = SIGNATURE "\x21\x11\xff\xff" V4;
    gv_proxy_header got;

    CHECK_INT(gv_proxy_header_parse(&got, (gv_slice){header, sizeof(header)}),
              sizeof(header));
    CHECK_INT(gv_proxy_header_parse(&got, (gv_slice){header, sizeof(header) - 1}),
              GV_AGAIN);
}

TEST(a_binary_header_may_name_nobody)
{
    check_header(BYTES(SIGNATURE "\x20\x00\x00\x00"), "");
    check_header(BYTES(SIGNATURE "\x20\x11\x00\x0c" V4), "");
    check_header(BYTES(SIGNATURE "\x20\xff\x00\x01x"), "");
    check_header(BYTES(SIGNATURE "\x21\x00\x00\x00"), "");
    check_header(BYTES(SIGNATURE "\x21\x00\x00\x03\1\2\3"), "");
}

TEST(a_binary_header_that_contradicts_itself_is_malformed)
{
    check_malformed(BYTES(SIGNATURE "\x11\x11\x00\x0c" V4));
    check_malformed(BYTES(SIGNATURE "\x22\x11\x00\x0c" V4));
    check_malformed(BYTES(SIGNATURE "\x21\x41\x00\x0c" V4));
    check_malformed(BYTES(SIGNATURE "\x21\x13\x00\x0c" V4));
    check_malformed(BYTES(SIGNATURE "\x21\x11\x00\x0b" V4));
    check_malformed(BYTES(SIGNATURE "\x21\x21\x00\x0c" V4));
    check_malformed(BYTES(SIGNATURE "\x21\x31\x00\x24" V6));
    check_malformed(BYTES("\r\n\r\n\0\r\nQUIT\r\x21\x11\x00\x0c" V4));
}
