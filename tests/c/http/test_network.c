#include "http/network.h"

#include "base/result.h"

#include "harness.h"

static gv_peer peer(const char *text)
{
    gv_peer parsed;

    REQUIRE(gv_peer_parse(&parsed, gv_guarded_slice(text)) == GV_OK);
    return parsed;
}

static void check_shown(const char *text, const char *shown)
{
    gv_peer parsed = peer(text);
    char room[GV_PEER_TEXT];

    CHECK_SLICE(gv_peer_text(&parsed, room), shown);
}

static bool is_malformed(const char *text)
{
    gv_peer parsed;

    return gv_peer_parse(&parsed, gv_guarded_slice(text)) == GV_BAD;
}

static bool holds(const char *network, const char *address)
{
    gv_networks networks = {0};
    gv_peer asked = peer(address);
    bool held;

    REQUIRE(gv_networks_add(&networks, gv_guarded_slice(network)) == GV_OK);
    held = gv_networks_hold(&networks, &asked);
    gv_networks_dispose(&networks);
    return held;
}

static bool is_no_network(const char *text)
{
    gv_networks networks = {0};
    int outcome = gv_networks_add(&networks, gv_guarded_slice(text));

    CHECK_INT(networks.count, outcome == GV_OK);
    gv_networks_dispose(&networks);
    return outcome == GV_BAD;
}

TEST(an_address_is_read_with_and_without_a_port)
{
    check_shown("192.0.2.1", "192.0.2.1");
    check_shown("192.0.2.1:65535", "192.0.2.1");
    check_shown("2001:DB8::1", "2001:db8::1");
    check_shown("[2001:db8::1]", "2001:db8::1");
    check_shown("[2001:db8::1]:80", "2001:db8::1");
}

TEST(a_mapped_address_is_the_ipv4_address_in_it)
{
    check_shown("::ffff:192.0.2.1", "192.0.2.1");
    check_shown("[::ffff:192.0.2.1]:80", "192.0.2.1");
    check_shown("::192.0.2.1", "::192.0.2.1");
}

TEST(what_is_no_address_is_refused)
{
    static const char *const texts[] = {
        "",
        ":",
        "[",
        "]",
        "[]",
        "[]:1",
        "[::1",
        "::1]",
        "[::1]80",
        "[::1]:",
        "[::1]:x",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.4:",
        "1.2.3.4:x",
        "1.2.3.4:123456",
        "1.2.3.4 ",
        " 1.2.3.4",
        "unknown",
        "_hidden",
        "[192.0.2.1]",
        "fe80::1%eth0",
        "1:2:3:4:5:6:7:8:9",
        "::1:1.2.3.4:80",
        "unix:",
        "localhost",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
    };
    gv_peer parsed;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CHECK(is_malformed(texts[i]));
    CHECK(gv_peer_parse(&parsed, (gv_slice){"1.2.3.4\0", 8}) == GV_BAD);
}

TEST(a_network_holds_what_begins_with_its_bits)
{
    CHECK(holds("10.0.0.0/8", "10.255.255.255"));
    CHECK(!holds("10.0.0.0/8", "11.0.0.0"));
    CHECK(holds("192.0.2.128/25", "192.0.2.129"));
    CHECK(!holds("192.0.2.128/25", "192.0.2.127"));
    CHECK(holds("192.0.2.1/32", "192.0.2.1"));
    CHECK(!holds("192.0.2.1/32", "192.0.2.0"));
    CHECK(holds("0.0.0.0/0", "255.1.2.3"));
    CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
    CHECK(!holds("2001:db8::/33", "2001:db8:8000::1"));
    CHECK(holds("::1/128", "::1"));
    CHECK(!holds("::1/128", "::"));
}

TEST(families_do_not_hold_each_other)
{
    CHECK(!holds("0.0.0.0/0", "::1"));
    CHECK(!holds("::/0", "1.2.3.4"));
    CHECK(!holds("unix:", "0.0.0.0"));
    CHECK(!holds("::/0", "::ffff:1.2.3.4"));
}

TEST(a_network_of_mapped_addresses_is_one_of_ipv4)
{
    CHECK(holds("::ffff:10.0.0.0/104", "10.1.2.3"));
    CHECK(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
    CHECK(is_no_network("::ffff:10.0.0.0/8"));
}

TEST(unix_holds_all_unix_peers_and_no_others)
{
    gv_networks networks = {0};
    gv_peer local = {.family = AF_UNIX}, none = {.family = AF_UNSPEC};

    CHECK(!gv_networks_hold(&networks, &local));
    REQUIRE(gv_networks_add(&networks, gv_guarded_slice("unix:")) == GV_OK);
    CHECK(gv_networks_hold(&networks, &local));
    CHECK(!gv_networks_hold(&networks, &none));
    gv_networks_dispose(&networks);
}

TEST(what_is_no_network_is_refused)
{
    static const char *const texts[] = {
        "",           "/",         "/8",          "10.0.0.0",    "10.0.0.0/",
        "10.0.0.0/x", "1.2.3/8",   "10.0.0.0/33", "::/129",      "10.0.0.0/0008",
        "unix",       "unix:/tmp", "::1",         "10.0.0.0/-1",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CHECK(is_no_network(texts[i]));
}
