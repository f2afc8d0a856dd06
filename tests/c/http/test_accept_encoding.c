#include "http/accept_encoding.h"

#include "harness.h"

static int quality[GV_CODING_COUNT];

static void read_field(const char *value)
{
    gv_header header = {.value = gv_guarded_slice(value),
                        .field = GV_FIELD_ACCEPT_ENCODING};
    gv_request req = {.headers = &header, .header_count = 1};

    gv_accept_encoding(&req, quality);
}

/* The qualities of br, zstd, gzip and identity. */
static void check(const char *value, int br, int zstd, int gzip, int identity)
{
    read_field(value);
    CHECK_INT(quality[GV_CODING_BR], br);
    CHECK_INT(quality[GV_CODING_ZSTD], zstd);
    CHECK_INT(quality[GV_CODING_GZIP], gzip);
    CHECK_INT(quality[GV_CODING_IDENTITY], identity);
}

TEST(what_is_named_is_taken)
{
    check("gzip, deflate, br, zstd", 1000, 1000, 1000, 1);
    check("gzip", 0, 0, 1000, 1);
    check("GZip", 0, 0, 1000, 1);
    check("x-gzip", 0, 0, 1000, 1);
    check("", 0, 0, 0, 1);
    check("sdch, , ,;", 0, 0, 0, 1);
    check("gzipped", 0, 0, 0, 1);
}

TEST(a_quality_is_read_to_three_digits)
{
    check("br;q=0.5, gzip;q=1.0, zstd;q=0.001", 500, 1, 1000, 1);
    check("br ; q=0.25,gzip;Q=0", 250, 0, 0, 1);
    check("br;q=1.000, gzip;q=0.9999", 1000, 0, 999, 1);
    check("br;q=9", 1000, 0, 0, 1);
}

TEST(what_has_a_malformed_quality_is_not_taken)
{
    check("br;q=x, gzip;q=, zstd;q", 0, 0, 0, 1);
    check("br;q=01, gzip;q=-1, zstd;p=1", 0, 0, 0, 1);
}

TEST(an_asterisk_stands_for_what_is_not_named)
{
    check("*", 1000, 1000, 1000, 1);
    check("br;q=0, *;q=0.5", 0, 500, 500, 1);
    check("*;q=0, gzip", 0, 0, 1000, 0);
}

TEST(identity_may_be_preferred_or_refused)
{
    check("gzip;q=0.5, identity", 0, 0, 500, 1000);
    check("gzip, identity;q=0", 0, 0, 1000, 0);
    check("identity;q=0.3, *;q=0", 0, 0, 0, 300);
}

TEST(a_list_may_go_on_in_another_line)
{
    gv_header headers[] = {
        {.value = GV_SLICE("gzip"), .field = GV_FIELD_ACCEPT_ENCODING},
        {.value = GV_SLICE("zstd"), .field = GV_FIELD_OTHER},
        {.value = GV_SLICE("br;q=0.5"), .field = GV_FIELD_ACCEPT_ENCODING}};
    gv_request req = {.headers = headers, .header_count = 3};

    gv_accept_encoding(&req, quality);
    CHECK_INT(quality[GV_CODING_GZIP], 1000);
    CHECK_INT(quality[GV_CODING_BR], 500);
    CHECK_INT(quality[GV_CODING_ZSTD], 0);
}

TEST(codings_have_names_and_endings)
{
    CHECK_SLICE(gv_coding_name(GV_CODING_ZSTD), "zstd");
    CHECK_SLICE(gv_coding_ending(GV_CODING_ZSTD), ".zst");
    CHECK_SLICE(gv_coding_name(GV_CODING_GZIP), "gzip");
    CHECK_SLICE(gv_coding_ending(GV_CODING_GZIP), ".gz");
    CHECK_SLICE(gv_coding_name(GV_CODING_BR), "br");
    CHECK_SLICE(gv_coding_ending(GV_CODING_BR), ".br");
}
