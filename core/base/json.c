#include "base/json.h"

#include <inttypes.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The length of the UTF-8 sequence at the start of `text`, of one character that is no
 * surrogate and written as short as can be (RFC 3629, section 4); 0: there is none. */
static size_t sequence_len(gv_slice text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t len = at[0] < 0x80   ? 1
                 : at[0] < 0xc2 ? 0
                 : at[0] < 0xe0 ? 2
                 : at[0] < 0xf0 ? 3
                 : at[0] < 0xf5 ? 4
                                : 0;

    if (len > text.len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if (!is_continuation(at[i]))
            return 0;
    }
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] >= 0xa0) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] >= 0x90))
        return 0;
    return len;
}

static void append_ascii(gv_buf *out, char c)
{
    switch (c) {
    case '"':
        gv_buf_append_literal(out, "\\\"");
        break;
    case '\\':
        gv_buf_append_literal(out, "\\\\");
        break;
    case '\n':
        gv_buf_append_literal(out, "\\n");
        break;
    case '\t':
        gv_buf_append_literal(out, "\\t");
        break;
    default:
        if ((unsigned char)c < 0x20 || c == 0x7f)
            gv_buf_printf(out, "\\u%04x", (unsigned)c);
        else
            gv_buf_append(out, &c, 1);
    }
}

void gv_json_append(gv_buf *out, gv_slice text)
{
    gv_buf_append_literal(out, "\"");
    while (text.len > 0) {
        size_t len = sequence_len(text);

        if (len == 1)
            append_ascii(out, text.at[0]);
        else if (len > 1)
            gv_buf_append(out, text.at, len);
        else
            gv_buf_append_literal(out, "\xef\xbf\xbd"); /* U+FFFD */
        text = gv_slice_from(text, len > 0 ? len : 1);
    }
    gv_buf_append_literal(out, "\"");
}

/* What stands before a value: the comma, and its name. */
static gv_buf *lead(gv_json *json, const char *name)
{
    if (json->follows)
        gv_buf_append_literal(json->out, ",");
    if (name != NULL)
        gv_buf_printf(json->out, "\"%s\":", name);
    json->follows = true;
    return json->out;
}

void gv_json_open(gv_json *json, const char *name, char bracket)
{
    gv_buf_append(lead(json, name), &bracket, 1);
    json->follows = false;
}

void gv_json_close(gv_json *json, char bracket)
{
    gv_buf_append(json->out, &bracket, 1);
    json->follows = true;
}

void gv_json_text(gv_json *json, const char *name, gv_slice text)
{
    gv_json_append(lead(json, name), text);
}

void gv_json_uint(gv_json *json, const char *name, uint64_t number)
{
    gv_buf_append_uint(lead(json, name), number);
}

void gv_json_int(gv_json *json, const char *name, int64_t number)
{
    gv_buf_printf(lead(json, name), "%" PRId64, number);
}

void gv_json_bool(gv_json *json, const char *name, bool value)
{
    gv_buf_append_slice(lead(json, name), value ? GV_SLICE("true") : GV_SLICE("false"));
}

void gv_json_null(gv_json *json, const char *name)
{
    gv_buf_append_literal(lead(json, name), "null");
}
