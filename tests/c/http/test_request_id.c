#include "http/request_id.h"

#include "harness.h"

#define VALID(text) gv_request_id_valid(gv_guarded_slice(text))

TEST(an_id_is_written_as_sixteen_digits)
{
    char text[GV_REQUEST_ID_TEXT];

    gv_request_id_write(text, 0x0123456789abcdef);
    CHECK_SLICE(((gv_slice){text, sizeof(text)}), "0123456789abcdef");
    gv_request_id_write(text, 0);
    CHECK_SLICE(((gv_slice){text, sizeof(text)}), "0000000000000000");
}

TEST(an_id_of_plain_characters_is_valid)
{
    CHECK(VALID("a"));
    CHECK(VALID("3f2504e0-4f89-11d3-9a0c-0305e82c3301"));
    CHECK(VALID("Az09-._~+/="));
}

TEST(an_id_that_a_log_would_escape_is_not)
{
    static const char *const texts[] = {"",    " ",     "a b",  "a\"", "a\\", "a\n",
                                        "a,b", "a\x7f", "\xc3", "a{b", "<a>", "a;b"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CHECK(!VALID(texts[i]));
    CHECK(!gv_request_id_valid(GV_SLICE_NONE));
}

TEST(an_id_is_no_longer_than_allowed)
{
    char text[GV_REQUEST_ID_MAX + 1];

    memset(text, 'a', sizeof(text));
    CHECK(gv_request_id_valid((gv_slice){text, GV_REQUEST_ID_MAX}));
    CHECK(!gv_request_id_valid((gv_slice){text, GV_REQUEST_ID_MAX + 1}));
}
