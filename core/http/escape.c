#include "http/escape.h"

#define EACH(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))

/* Not zero where a byte of `word` is zero. */
static uint64_t zeros(uint64_t word)
{
    return (word - EACH(1)) & ~word & EACH(0x80);
}

static bool is_plain(unsigned char c, char stop)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != (unsigned char)stop;
}

/* The same of eight bytes at once. */
static bool are_plain(const char *at, char stop)
{
    uint64_t word, controls, special;

    memcpy(&word, at, sizeof(word));
    controls = (word - EACH(0x20)) & ~word;
    special = word | controls | zeros(word ^ EACH(0x7f)) | zeros(word ^ EACH('"')) |
              zeros(word ^ EACH('\\')) | zeros(word ^ EACH(stop));
    return (special & EACH(0x80)) == 0;
}

static size_t plain_length(gv_slice text, char stop)
{
    size_t len = 0;

    while (text.len - len >= 8 && are_plain(text.at + len, stop))
        len += 8;
    while (len < text.len && is_plain((unsigned char)text.at[len], stop))
        len++;
    return len;
}

/* Moves the plain bytes that `text` begins with to `out`. */
static void take_plain(gv_buf *out, gv_slice *text, char stop)
{
    size_t len = plain_length(*text, stop);

    gv_buf_append(out, text->at, len);
    *text = gv_slice_from(*text, len);
}

static unsigned char take_byte(gv_slice *text)
{
    unsigned char c = (unsigned char)text->at[0];

    *text = gv_slice_from(*text, 1);
    return c;
}

static void append_hex(gv_buf *out, gv_slice prefix, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    char hex[2] = {digits[c >> 4], digits[c & 15]};

    gv_buf_append_slice(out, prefix);
    gv_buf_append(out, hex, sizeof(hex));
}

void gv_escape_log(gv_buf *out, gv_slice text, char stop)
{
    while (text.len > 0) {
        take_plain(out, &text, stop);
        if (text.len > 0)
            append_hex(out, GV_SLICE("\\x"), take_byte(&text));
    }
}

void gv_escape_json(gv_buf *out, gv_slice text)
{
    while (text.len > 0) {
        take_plain(out, &text, '\0');
        if (text.len > 0)
            append_hex(out, GV_SLICE("\\u00"), take_byte(&text));
    }
}

static gv_slice entity_of(char c)
{
    switch (c) {
    case '&':
        return GV_SLICE("&amp;");
    case '<':
        return GV_SLICE("&lt;");
    case '>':
        return GV_SLICE("&gt;");
    case '"':
        return GV_SLICE("&quot;");
    case '\'':
        return GV_SLICE("&#39;");
    default:
        return GV_SLICE_NONE;
    }
}

void gv_escape_html(gv_buf *out, gv_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        gv_slice entity = entity_of(text.at[i]);

        if (entity.len > 0)
            gv_buf_append_slice(out, entity);
        else
            gv_buf_append(out, text.at + i, 1);
    }
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

void gv_escape_url(gv_buf *out, gv_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (is_unreserved(c))
            gv_buf_append(out, text.at + i, 1);
        else
            append_hex(out, GV_SLICE("%"), c);
    }
}
