#include "http/host.h"

#include "harness.h"

#define VALID(text)    gv_host_valid(gv_guarded_slice(text))
#define EQUAL(a, b, p) gv_host_equal(gv_slice_of(a), gv_slice_of(b), gv_slice_of(p))

TEST(an_escape_in_a_host_has_two_digits)
{
    CHECK(VALID("a%20"));
    CHECK(!VALID("a%2"));
    CHECK(!VALID("a%"));
    CHECK(!VALID("%g0"));
}

TEST(brackets_hold_an_ipv6_address)
{
    CHECK(VALID("[::ffff:127.0.0.1]:1"));
    CHECK(!VALID("["));
    CHECK(!VALID("[]"));
    CHECK(!VALID("[127.0.0.1]"));
    CHECK(!VALID("[1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20]"));
}

TEST(a_port_is_digits)
{
    CHECK(VALID("a:"));
    CHECK(VALID("a:80"));
    CHECK(!VALID("a:8o"));
    CHECK(!VALID("a:80 "));
}

TEST(the_implied_port_need_not_be_said)
{
    CHECK(EQUAL("A.b", "a.B", ":80"));
    CHECK(EQUAL("a:80", "a", ":80"));
    CHECK(EQUAL("a", "a:443", ":443"));
    CHECK(!EQUAL("a:80", "a", ":443"));
    CHECK(!EQUAL("a", "b", ":80"));
}
