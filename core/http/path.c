#include "http/path.h"

#include "http/chars.h"

/* The length of the UTF-8 sequence at the start of `text`, or 0 (RFC 3629, section
 * 4: no overlong forms, no surrogates, nothing above U+10FFFF). */
static size_t sequence_length(gv_slice text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    unsigned char least = 0x80, most = 0xbf; /* of the second byte */
    size_t len;

    if (at[0] < 0x80)
        return 1;
    if (at[0] < 0xc2 || at[0] > 0xf4)
        return 0;
    len = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    if (at[0] == 0xe0)
        least = 0xa0;
    else if (at[0] == 0xed)
        most = 0x9f;
    else if (at[0] == 0xf0)
        least = 0x90;
    else if (at[0] == 0xf4)
        most = 0x8f;
    if (text.len < len || at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

/* `text` without the whole words of ASCII that it begins with. */
static gv_slice skip_ascii(gv_slice text)
{
    uint64_t word;

    while (text.len >= sizeof(word)) {
        memcpy(&word, text.at, sizeof(word));
        if ((word & 0x8080808080808080u) != 0)
            break;
        text = gv_slice_from(text, sizeof(word));
    }
    return text;
}

bool gv_utf8_valid(gv_slice text)
{
    while ((text = skip_ascii(text)).len > 0) {
        size_t len = sequence_length(text);

        if (len == 0)
            return false;
        text = gv_slice_from(text, len);
    }
    return true;
}

/* Whether a segment of `raw` begins with a dot, so that it may be "." or "..". */
static bool has_dot_segment(gv_slice raw)
{
    const char *end = raw.at + raw.len;
    const char *dot = raw.at;

    while ((dot = memchr(dot, '.', (size_t)(end - dot))) != NULL) {
        if (dot > raw.at && dot[-1] == '/')
            return true;
        dot++;
    }
    return false;
}

/* Writes `raw` to `out` with its escapes decoded; returns the end of what was
 * written, or NULL for an escape that is malformed or stands for NUL. */
static char *unescape(gv_slice raw, char *out)
{
    for (size_t i = 0; i < raw.len; i++) {
        int high, low;

        if (raw.at[i] != '%') {
            *out++ = raw.at[i];
            continue;
        }
        if (raw.len - i < 3)
            return NULL;
        high = gv_hex_value(raw.at[i + 1]);
        low = gv_hex_value(raw.at[i + 2]);
        if (high < 0 || low < 0 || high + low == 0)
            return NULL;
        *out = (char)(high * 16 + low);
        if (*out == '/')
            *out = GV_PATH_SLASH;
        out++;
        i += 2;
    }
    return out;
}

/* RFC 3986, section 5.2.4, in place; returns the new length. */
static size_t remove_dot_segments(char *path, size_t len)
{
    size_t in = 0, out = 0;

    while (in < len) {
        const char *slash = memchr(path + in + 1, '/', len - in - 1);
        size_t next = slash != NULL ? (size_t)(slash - path) : len;
        gv_slice segment = {path + in + 1, next - in - 1};
        bool up = gv_slice_equal(segment, GV_SLICE(".."));

        if (up || gv_slice_equal(segment, GV_SLICE("."))) {
            while (up && out > 0 && path[--out] != '/')
                ;
            if (next == len)
                path[out++] = '/';
        } else {
            memmove(path + out, path + in, next - in);
            out += next - in;
        }
        in = next;
    }
    return out;
}

int gv_path_decode(gv_slice raw, gv_buf *scratch, gv_slice *path)
{
    char *end;

    if (memchr(raw.at, '%', raw.len) == NULL && !has_dot_segment(raw)) {
        *path = raw;
        return gv_utf8_valid(raw) ? GV_OK : GV_BAD;
    }
    scratch->len = 0;
    end = unescape(raw, gv_buf_reserve(scratch, raw.len));
    if (end == NULL)
        return GV_BAD;
    scratch->len = (size_t)(end - scratch->at);
    if (!gv_utf8_valid(gv_buf_slice(scratch)))
        return GV_BAD;
    scratch->len = remove_dot_segments(scratch->at, scratch->len);
    *path = gv_buf_slice(scratch);
    return GV_OK;
}

void gv_path_show(gv_slice text, char *out)
{
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.at[i] == GV_PATH_SLASH ? '/' : text.at[i];
}
