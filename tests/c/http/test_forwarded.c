#include "http/forwarded.h"

#include "harness.h"

/* What a trusted proxy at the end of the chain is believed.  10.0.0.0/8 is trusted. */
typedef struct seen {
    gv_request req;
    gv_header headers[8];
} seen;

static void add(seen *self, const char *name, const char *value)
{
    REQUIRE(self->req.header_count < 8);
    self->headers[self->req.header_count++] =
        (gv_header){gv_guarded_slice(name), gv_guarded_slice(value), GV_FIELD_OTHER};
}

static void apply(seen *self, gv_forwarding forwarding)
{
    gv_networks trusted = {0};

    REQUIRE(gv_networks_add(&trusted, GV_SLICE("10.0.0.0/8")) == 0);
    self->req.host = GV_SLICE("asked");
    self->req.headers = self->headers;
    gv_forwarded_apply(&self->req, &trusted, forwarding);
    gv_networks_dispose(&trusted);
}

/* The client that one field names; "" for nobody. */
static void check_client(const char *name, const char *value, const char *client)
{
    char text[GV_PEER_TEXT];
    seen self = {.req = {.minor = 1}};

    add(&self, name, value);
    apply(&self, GV_FORWARDING_AUTO);
    if (self.req.client.family == AF_UNSPEC)
        CHECK_SLICE(GV_SLICE(""), client);
    else
        CHECK_SLICE(gv_peer_text(&self.req.client, text), client);
}

/* The same of two fields in this order. */
static void check_two(const char *name, const char *first, const char *second,
                      const char *client)
{
    char text[GV_PEER_TEXT];
    seen self = {.req = {.minor = 1}};

    add(&self, name, first);
    add(&self, "Accept", "*/*");
    add(&self, name, second);
    apply(&self, GV_FORWARDING_AUTO);
    CHECK_SLICE(gv_peer_text(&self.req.client, text), client);
}

static void check_for(const char *value, const char *client)
{
    check_client("X-Forwarded-For", value, client);
}

static void check_forwarded(const char *value, const char *client)
{
    check_client("Forwarded", value, client);
}

TEST(the_rightmost_untrusted_address_is_the_client)
{
    check_for("192.0.2.1", "192.0.2.1");
    check_for("192.0.2.1, 10.0.0.1", "192.0.2.1");
    check_for("6.6.6.6, 192.0.2.1, 10.0.0.2, 10.0.0.1", "192.0.2.1");
    check_for("10.6.6.6, 192.0.2.1", "192.0.2.1");
    check_for("2001:db8::1,10.0.0.1", "2001:db8::1");
}

TEST(where_all_are_trusted_the_leftmost_is_the_client)
{
    check_for("10.0.0.3, 10.0.0.2", "10.0.0.3");
}

TEST(ports_spaces_and_empty_elements_are_passed_over)
{
    check_for(" ,\t, 192.0.2.1:4711 ,, [::ffff:10.0.0.1]:80 , ", "192.0.2.1");
    check_for("[2001:db8::1]:80", "2001:db8::1");
    check_for("", "");
    check_for(",", "");
}

TEST(what_is_no_address_ends_the_list)
{
    check_for("unknown", "");
    check_for("192.0.2.1, unknown", "");
    check_for("192.0.2.1, unknown, 10.0.0.1", "10.0.0.1");
    check_for("192.0.2.1 10.0.0.1", "");
    check_for("192.0.2.1\", 10.0.0.1", "10.0.0.1");
    check_for("\"192.0.2.1", "");
}

TEST(several_fields_are_one_list)
{
    check_two("X-Forwarded-For", "6.6.6.6, 192.0.2.1", "10.0.0.1", "192.0.2.1");
    check_two("x-forwarded-for", "6.6.6.6", "192.0.2.1, 10.0.0.1", "192.0.2.1");
    check_two("X-Forwarded-For", "192.0.2.1", "", "192.0.2.1");
    check_two("Forwarded", "for=6.6.6.6", "for=192.0.2.1;by=10.0.0.1, for=10.0.0.1",
              "192.0.2.1");
}

TEST(a_chain_has_an_end)
{
    char list[100 * 9];
    seen self = {.req = {.minor = 1}};

    for (int i = 0; i < 100; i++)
        memcpy(list + 9 * i, "10.0.0.1,", 10 - (i == 99));
    memcpy(list, "192.0.2.1", 9);
    list[sizeof(list) - 1] = '\0';
    add(&self, "X-Forwarded-For", list);
    apply(&self, GV_FORWARDING_AUTO);
    CHECK_INT(self.req.client.address[0], 10);
}

TEST(an_element_of_forwarded_names_the_client)
{
    check_forwarded("for=192.0.2.1", "192.0.2.1");
    check_forwarded("For=\"192.0.2.1:4711\"", "192.0.2.1");
    check_forwarded("FOR=\"[2001:db8::1]:4711\"", "2001:db8::1");
    check_forwarded("for=\"[2001:db8::1]\";by=10.0.0.1", "2001:db8::1");
    check_forwarded(" proto=http ; for=192.0.2.1 ;by=_x ", "192.0.2.1");
    check_forwarded("for=192.0.2.1;secret=\"a,b;c\\\"d\"", "192.0.2.1");
    check_forwarded("for=6.6.6.6, for=192.0.2.1,for=10.0.0.1", "192.0.2.1");
    check_forwarded(";;for=192.0.2.1;", "192.0.2.1");
}

TEST(who_is_hidden_vouches_for_nobody)
{
    check_forwarded("for=192.0.2.1, for=unknown", "");
    check_forwarded("for=192.0.2.1, for=_hidden, for=10.0.0.1", "10.0.0.1");
    check_forwarded("for=192.0.2.1, proto=http, for=10.0.0.1", "10.0.0.1");
}

TEST(a_malformed_element_ends_the_list)
{
    static const char *const elements[] = {
        "for",
        "for=",
        "=192.0.2.1",
        "for =192.0.2.1",
        "for= 192.0.2.1",
        "for=192.0.2.1;for=192.0.2.1",
        "for=192.0.2.1 proto=http",
        "for=192.0.2.1;proto",
        "for=192.0.2.1;host=\"a",
        "for=192.0.2.1;host=\"a\\",
        "for=192.0.2.1;host=\"a\\\"",
        "for=\"192.0.2.1\"x",
        "for=[2001:db8::1]",
        "for=2001:db8::1",
        "for=\"192.0.2.1\\\"\"",
    };

    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
        check_two("Forwarded", elements[i], "for=10.0.0.1", "10.0.0.1");
}

TEST(a_quote_left_open_takes_nothing_with_it_that_a_proxy_has_appended)
{
    check_forwarded("for=\"6.6.6.6, for=192.0.2.1", "192.0.2.1");
    check_forwarded("for=6.6.6.6;by=\", for=\"[2001:db8::1]:80\"", "2001:db8::1");
    check_forwarded("for=6.6.6.6;by=\"\\, for=\"192.0.2.1\"", "192.0.2.1");
    check_forwarded("\", for=192.0.2.1;by=\"a,b\", for=10.0.0.1", "192.0.2.1");
}

/* ---- scheme and host ---- */

static seen say(const char *addresses, const char *scheme, const char *host)
{
    seen self = {.req = {.minor = 1}};

    if (addresses != NULL)
        add(&self, "X-Forwarded-For", addresses);
    if (scheme != NULL)
        add(&self, "X-Forwarded-Proto", scheme);
    if (host != NULL)
        add(&self, "X-Forwarded-Host", host);
    apply(&self, GV_FORWARDING_AUTO);
    return self;
}

static void check_scheme(const char *addresses, const char *scheme, bool https)
{
    seen self = say(addresses, scheme, NULL);

    CHECK_INT(self.req.https, https);
}

static void check_host(const char *addresses, const char *value, const char *host)
{
    seen self = say(addresses, NULL, value);

    CHECK_SLICE(self.req.host, host);
}

TEST(the_scheme_is_http_or_https_and_nothing_else)
{
    check_scheme("192.0.2.1", "https", true);
    check_scheme(NULL, "HTTPS", true);
    check_scheme(NULL, "http", false);
    check_scheme(NULL, "httpss", false);
    check_scheme(NULL, "wss", false);
    check_scheme(NULL, "", false);
    check_scheme("192.0.2.1", NULL, false);
}

TEST(a_valid_host_takes_the_place_of_the_one_that_was_sent)
{
    check_host("192.0.2.1", "example.org:8443", "example.org:8443");
    check_host(NULL, "[2001:db8::1]", "[2001:db8::1]");
    check_host(NULL, "a b", "asked");
    check_host(NULL, "a/b", "asked");
    check_host(NULL, "a@b", "asked");
    check_host(NULL, "", "asked");
}

TEST(of_a_list_counts_what_the_outermost_proxy_said)
{
    check_scheme("192.0.2.1", "http, https", true);
    check_scheme("192.0.2.1", "https, http", false);
    check_scheme("192.0.2.1, 10.0.0.1", "https, http", true);
    check_scheme("6.6.6.6, 192.0.2.1, 10.0.0.1", "http, https, http", true);
    check_scheme("192.0.2.1, 10.0.0.1", "https", true);
    check_scheme(NULL, "https, http", false);
    check_host("6.6.6.6, 192.0.2.1", "evil, good", "good");
    check_host("192.0.2.1, 10.0.0.1", "evil, good, inner", "good");
}

TEST(forwarded_says_scheme_and_host_too)
{
    seen self = {.req = {.minor = 1}};

    add(&self, "Forwarded",
        "for=6.6.6.6;proto=http;host=evil, "
        "for=192.0.2.1;proto=https;host=\"example.org:8443\", for=10.0.0.1;proto=http");
    apply(&self, GV_FORWARDING_AUTO);
    CHECK(self.req.https);
    CHECK_SLICE(self.req.host, "example.org:8443");
}

/* ---- whose word counts ---- */

static void check_way(gv_forwarding forwarding, bool with_x, const char *client)
{
    char text[GV_PEER_TEXT];
    seen self = {.req = {.minor = 1}};

    add(&self, "Forwarded", "for=192.0.2.7;proto=https");
    if (with_x)
        add(&self, "X-Forwarded-For", "192.0.2.1");
    apply(&self, forwarding);
    CHECK_SLICE(gv_peer_text(&self.req.client, text), client);
    CHECK_INT(self.req.https, strcmp(client, "192.0.2.7") == 0);
}

TEST(the_fields_of_one_kind_count_and_never_both)
{
    check_way(GV_FORWARDING_AUTO, true, "192.0.2.1");
    check_way(GV_FORWARDING_AUTO, false, "192.0.2.7");
    check_way(GV_FORWARDING_X_FORWARDED, true, "192.0.2.1");
    check_way(GV_FORWARDING_X_FORWARDED, false, "-");
    check_way(GV_FORWARDING_FORWARDED, true, "192.0.2.7");
}

TEST(each_way_has_a_name)
{
    CHECK_INT(gv_forwarding_named(GV_SLICE("auto")), GV_FORWARDING_AUTO);
    CHECK_INT(gv_forwarding_named(GV_SLICE("x-forwarded")), GV_FORWARDING_X_FORWARDED);
    CHECK_INT(gv_forwarding_named(GV_SLICE("forwarded")), GV_FORWARDING_FORWARDED);
    CHECK_INT(gv_forwarding_named(GV_SLICE("both")), GV_FORWARDINGS);
}

/* ---- ids ---- */

static void check_id(const char *first, const char *second, const char *id)
{
    seen self = {.req = {.minor = 1}};

    add(&self, "x-request-id", first);
    if (second != NULL)
        add(&self, "X-Request-ID", second);
    apply(&self, GV_FORWARDING_AUTO);
    CHECK_SLICE(self.req.id, id);
}

TEST(one_valid_id_is_taken)
{
    check_id("abc-123", NULL, "abc-123");
    check_id("abc 123", NULL, "");
    check_id("", NULL, "");
    check_id("a", "b", "");
    check_id("", "b", "");
}
