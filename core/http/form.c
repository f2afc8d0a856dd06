#include "http/form.h"

#include "http/chars.h"

/* Takes what stands before the next `separator` off `rest`. */
static gv_slice take_until(gv_slice *rest, char separator)
{
    const char *end = memchr(rest->at, separator, rest->len);
    gv_slice taken = *rest;

    if (end == NULL) {
        *rest = gv_slice_from(*rest, rest->len);
        return taken;
    }
    taken.len = (size_t)(end - rest->at);
    *rest = gv_slice_from(*rest, taken.len + 1);
    return taken;
}

bool gv_form_next(gv_slice *rest, gv_slice *name, gv_slice *value)
{
    while (rest->len > 0) {
        *value = take_until(rest, '&');
        if (value->len > 0) {
            *name = take_until(value, '=');
            return true;
        }
    }
    return false;
}

/* The byte that the escape at the start of `text` stands for, or -1. */
static int escaped_byte(gv_slice text)
{
    int high, low;

    if (text.len < 3 || text.at[0] != '%')
        return -1;
    high = gv_hex_value(text.at[1]);
    low = gv_hex_value(text.at[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void gv_form_decode(gv_buf *out, gv_slice text)
{
    char *to = gv_buf_reserve(out, text.len);

    while (text.len > 0) {
        int byte = escaped_byte(text);

        *to++ = byte >= 0 ? (char)byte : *text.at == '+' ? ' ' : *text.at;
        text = gv_slice_from(text, byte >= 0 ? 3 : 1);
    }
    out->len = (size_t)(to - out->at);
}

static gv_slice unquoted(gv_slice value)
{
    if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
        return (gv_slice){value.at + 1, value.len - 2};
    return value;
}

bool gv_cookie_next(gv_slice *rest, gv_slice *name, gv_slice *value)
{
    while (rest->len > 0) {
        gv_slice pair = gv_slice_trim(take_until(rest, ';'));

        if (pair.len > 0 && memchr(pair.at, '=', pair.len) != NULL) {
            *name = gv_slice_trim(take_until(&pair, '='));
            *value = unquoted(gv_slice_trim(pair));
            return true;
        }
    }
    return false;
}
