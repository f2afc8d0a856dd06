#include "http/path.h"

#include "harness.h"

static gv_buf scratch;
static gv_slice path;

static int decode(gv_slice raw)
{
    return gv_path_decode(raw, &scratch, &path);
}

#define DECODE(text) decode(gv_guarded_slice(text))

/* `raw` is decoded to `expected`. */
#define CHECK_PATH(raw, expected)                                                      \
    do {                                                                               \
        CHECK_INT(DECODE(raw), GV_OK);                                                 \
        CHECK_SLICE(path, expected);                                                   \
    } while (0)

TEST(a_plain_path_stays_where_it_is)
{
    gv_slice raw = gv_guarded_slice("/post/view/10.html");

    CHECK_INT(decode(raw), GV_OK);
    CHECK(path.at == raw.at && path.len == raw.len);
    CHECK(scratch.at == NULL);
}

TEST(escapes_are_decoded_once)
{
    CHECK_PATH("/a%20b", "/a b");
    CHECK_PATH("/%c3%A9", "/\xc3\xa9");
    CHECK_PATH("/%2541", "/%41");
    CHECK_PATH("/+", "/+");
}

TEST(malformed_escapes_are_refused)
{
    CHECK_INT(DECODE("/%"), GV_BAD);
    CHECK_INT(DECODE("/%4"), GV_BAD);
    CHECK_INT(DECODE("/%4g"), GV_BAD);
    CHECK_INT(DECODE("/%g4"), GV_BAD);
    CHECK_INT(DECODE("/%00"), GV_BAD);
    CHECK_INT(DECODE("/%+1"), GV_BAD);
}

TEST(an_encoded_slash_never_separates)
{
    char shown[8];

    CHECK_INT(DECODE("/a%2Fb%2f"), GV_OK);
    CHECK(gv_slice_equal(path, GV_SLICE("/a\0b\0")));
    gv_path_show(path, shown);
    CHECK(memcmp(shown, "/a/b/", 5) == 0);
    CHECK_INT(DECODE("/a/..%2F..%2Fb"), GV_OK);
    CHECK(gv_slice_equal(path, GV_SLICE("/a/..\0..\0b")));
}

TEST(dot_segments_are_removed)
{
    CHECK_PATH("/a/./b", "/a/b");
    CHECK_PATH("/a/../b", "/b");
    CHECK_PATH("/a/b/../../c", "/c");
    CHECK_PATH("/a/.", "/a/");
    CHECK_PATH("/a/..", "/");
    CHECK_PATH("/a/b/..", "/a/");
    CHECK_PATH("/.", "/");
    CHECK_PATH("/..", "/");
    CHECK_PATH("/../../a", "/a");
    CHECK_PATH("/%2e%2E/a", "/a");
    CHECK_PATH("/a/%2e", "/a/");
    CHECK_PATH("/.a/..b/...", "/.a/..b/...");
    CHECK_PATH("//a/..", "//");
    CHECK_PATH("/a//../b", "/a/b");
}

TEST(a_path_is_utf_8)
{
    CHECK_INT(DECODE("/%ff"), GV_BAD);
    CHECK_INT(DECODE("/%c3"), GV_BAD);
    CHECK_INT(DECODE("/abcdefghijk%c3%28"), GV_BAD);
    CHECK_INT(DECODE("/\xff"), GV_BAD);
    CHECK_PATH("/abcdefghijk%f0%9f%8d%88", "/abcdefghijk\xf0\x9f\x8d\x88");
}

TEST(utf_8_has_no_overlong_forms_surrogates_or_numbers_too_high)
{
    static const char *good[] = {"",
                                 "\x7f",
                                 "\xc2\x80",
                                 "\xdf\xbf",
                                 "\xe0\xa0\x80",
                                 "\xed\x9f\xbf",
                                 "\xee\x80\x80",
                                 "\xf0\x90\x80\x80",
                                 "\xf4\x8f\xbf\xbf"};
    static const char *bad[] = {"\x80",
                                "\xc0\xaf",
                                "\xc1\xbf",
                                "\xc2",
                                "\xc2\x7f",
                                "\xe0\x9f\xbf",
                                "\xe2\x82",
                                "\xed\xa0\x80",
                                "\xe2\x82\xc0",
                                "\xf0\x8f\xbf\xbf",
                                "\xf4\x90\x80\x80",
                                "\xf0\x90\x80",
                                "\xf5\x80\x80\x80"};

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        gv_test_check(gv_utf8_valid(gv_guarded_slice(good[i])), __FILE__, __LINE__,
                      "good[%zu]", i);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        gv_test_check(!gv_utf8_valid(gv_guarded_slice(bad[i])), __FILE__, __LINE__,
                      "bad[%zu]", i);
    gv_buf_dispose(&scratch);
}
