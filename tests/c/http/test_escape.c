#include "http/escape.h"

#include "harness.h"

#include <stdio.h>

static gv_buf out;

static gv_slice result(void)
{
    gv_slice text = gv_buf_slice(&out);

    out.len = 0;
    return text;
}

static gv_slice for_log(const char *text, char stop)
{
    gv_escape_log(&out, gv_guarded_slice(text), stop);
    return result();
}

static gv_slice for_json(const char *text)
{
    gv_escape_json(&out, gv_guarded_slice(text));
    return result();
}

static gv_slice for_html(const char *text)
{
    gv_escape_html(&out, gv_guarded_slice(text));
    return result();
}

static gv_slice for_url(const char *text)
{
    gv_escape_url(&out, gv_guarded_slice(text));
    return result();
}

TEST(a_log_keeps_what_is_plain)
{
    CHECK_SLICE(for_log("", '\0'), "");
    CHECK_SLICE(for_log("a", '\0'), "a");
    CHECK_SLICE(for_log("Mozilla/5.0 (X11; Linux x86_64)", '\0'),
                "Mozilla/5.0 (X11; Linux x86_64)");
}

TEST(a_log_escapes_what_could_end_a_line_or_a_field)
{
    CHECK_SLICE(for_log("a\"b\\c", '\0'), "a\\x22b\\x5Cc");
    CHECK_SLICE(for_log("a\r\nb\tc\x1b\x7f", '\0'), "a\\x0D\\x0Ab\\x09c\\x1B\\x7F");
    CHECK_SLICE(for_log("\xc3\xa9\xff", '\0'), "\\xC3\\xA9\\xFF");
    CHECK_SLICE(for_log("a b|c", ' '), "a\\x20b|c");
    CHECK_SLICE(for_log("a b|c", '|'), "a b\\x7Cc");
}

/* Each byte at each place of a text that is longer than a word. */
TEST(a_log_finds_every_byte_to_escape_wherever_it_stands)
{
    for (int c = 0; c < 256; c++) {
        bool plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '|';

        for (size_t place = 0; place < 20; place++) {
            char text[20], expected[24];
            int rest = (int)(sizeof(text) - place - 1);

            memset(text, 'a', sizeof(text));
            text[place] = (char)c;
            snprintf(expected, sizeof(expected), "%.*s\\x%02X%.*s", (int)place, text, c,
                     rest, text + place + 1);
            gv_escape_log(&out, (gv_slice){gv_guarded(text, 20), 20}, '|');
            if (plain)
                CHECK(gv_slice_equal(result(), (gv_slice){text, sizeof(text)}));
            else
                CHECK_SLICE(result(), expected);
        }
    }
}

TEST(json_is_escaped_by_its_own_rules)
{
    CHECK_SLICE(for_json("plain text of some length"), "plain text of some length");
    CHECK_SLICE(for_json("\"\\"), "\\u0022\\u005C");
    CHECK_SLICE(for_json("\n\x7f"), "\\u000A\\u007F");
    CHECK_SLICE(for_json("\xc3\xa9"), "\\u00C3\\u00A9");
}

TEST(html_keeps_its_five_characters_as_text)
{
    CHECK_SLICE(for_html("<script>alert('\"&\")</script>"),
                "&lt;script&gt;alert(&#39;&quot;&amp;&quot;)&lt;/script&gt;");
    CHECK_SLICE(for_html("\xc3\xa9 t\xc3\xa9"), "\xc3\xa9 t\xc3\xa9");
}

TEST(a_url_keeps_only_what_is_unreserved)
{
    CHECK_SLICE(for_url("aZ09-._~"), "aZ09-._~");
    CHECK_SLICE(for_url("a b/c?d#e%f"), "a%20b%2Fc%3Fd%23e%25f");
    CHECK_SLICE(for_url("javascript:\"'"), "javascript%3A%22%27");
    CHECK_SLICE(for_url("\xc3\xa9"), "%C3%A9");
}

TEST(the_buffer_is_given_back)
{
    gv_buf_dispose(&out);
    CHECK(out.at == NULL);
}
