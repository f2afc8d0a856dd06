#include "base/json.h"

#include "harness.h"

static void check_text(const char *text, size_t len, const char *expected)
{
    gv_buf out = {0};

    gv_json_append(&out, (gv_slice){gv_guarded(text, len), len});
    CHECK_SLICE(gv_buf_slice(&out), expected);
    gv_buf_dispose(&out);
}

#define CHECK_TEXT(text, expected) check_text((text), sizeof(text) - 1, (expected))

TEST(a_string_stays_on_its_line)
{
    CHECK_TEXT("", "\"\"");
    CHECK_TEXT("a \"b\" \\ c", "\"a \\\"b\\\" \\\\ c\"");
    CHECK_TEXT("one\ntwo\tthree\r", "\"one\\ntwo\\tthree\\u000d\"");
    CHECK_TEXT("a\0b\x1b\x7f", "\"a\\u0000b\\u001b\\u007f\"");
}

TEST(utf8_stays_as_it_is)
{
    CHECK_TEXT("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8c\x91",
               "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8c\x91\"");
}

TEST(what_is_no_utf8_is_replaced_byte_by_byte)
{
    CHECK_TEXT("a\xff", "\"a\xef\xbf\xbd\"");
    CHECK_TEXT("\xc3", "\"\xef\xbf\xbd\"");                 /* cut off */
    CHECK_TEXT("\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""); /* cut off */
    CHECK_TEXT("\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\""); /* too long */
    CHECK_TEXT("\xed\xa0\x80",
               "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""); /* surrogate */
}

TEST(a_document_has_its_commas)
{
    gv_buf out = {0};
    gv_json json = {.out = &out};

    gv_json_open(&json, NULL, '{');
    gv_json_text(&json, "a", GV_SLICE("x"));
    gv_json_open(&json, "b", '[');
    gv_json_uint(&json, NULL, 1);
    gv_json_int(&json, NULL, -2);
    gv_json_open(&json, NULL, '{');
    gv_json_close(&json, '}');
    gv_json_close(&json, ']');
    gv_json_bool(&json, "c", true);
    gv_json_null(&json, "d");
    gv_json_close(&json, '}');
    CHECK_SLICE(gv_buf_slice(&out),
                "{\"a\":\"x\",\"b\":[1,-2,{}],\"c\":true,\"d\":null}");
    gv_buf_dispose(&out);
}
