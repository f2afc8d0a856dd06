#include "http/response.h"

#include "http/chars.h"
#include "http/date.h"
#include "http/status.h"

enum {
    DIGITS = 20,
    /* Over what the lines of the framing fields may need together. */
    FRAMING = sizeof("Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n"
                     "Content-Type: \r\nX-Request-ID: \r\n\r\n") +
        DIGITS
};

#define PUT(at, literal) put((at), (literal), sizeof(literal) - 1)

static inline char *put(char *at, const char *text, size_t len)
{
    memcpy(at, text, len);
    return at + len;
}

void gv_fixed_fields_update(gv_fixed_fields *fixed, int64_t now)
{
    char *at = fixed->text;

    if (fixed->second == now && fixed->len > 0)
        return;
    if (fixed->server)
        at = PUT(at, "Server: guava\r\n");
    at = PUT(at, "Date: ");
    gv_date_write(at, now);
    at = PUT(at + GV_DATE_LEN, "\r\n");
    fixed->len = (size_t)(at - fixed->text);
    fixed->second = now;
}

static char *put_decimal(char *at, uint64_t number)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char digits[DIGITS];
    char *first = digits + DIGITS;

    while (number >= 10) {
        first -= 2;
        memcpy(first, pairs + number % 100 * 2, 2);
        number /= 100;
    }
    if (number > 0 || first == digits + DIGITS)
        *--first = (char)('0' + number);
    return put(at, first, (size_t)(digits + DIGITS - first));
}

static char *put_connection(char *at, const gv_head *head)
{
    if (!head->keep_alive)
        return PUT(at, "Connection: close\r\n");
    if (head->minor == 0)
        return PUT(at, "Connection: keep-alive\r\n");
    return at;
}

static char *put_length(char *at, int64_t content_length)
{
    if (content_length >= 0) {
        at = PUT(at, "Content-Length: ");
        at = put_decimal(at, (uint64_t)content_length);
        return PUT(at, "\r\n");
    }
    if (content_length == GV_LENGTH_CHUNKED)
        return PUT(at, "Transfer-Encoding: chunked\r\n");
    return at;
}

void gv_head_write(gv_buf *out, const gv_head *head, const gv_fixed_fields *fixed)
{
    gv_slice line = gv_status_line(head->status);
    char *start =
        gv_buf_reserve(out, line.len + fixed->len + FRAMING + head->content_type.len +
                                head->request_id.len + head->fields.len);
    char *at = put(start, line.at, line.len);

    at = put(at, fixed->text, fixed->len);
    at = put_connection(at, head);
    at = put_length(at, head->content_length);
    if (head->content_type.len > 0) {
        at = PUT(at, "Content-Type: ");
        at = put(at, head->content_type.at, head->content_type.len);
        at = PUT(at, "\r\n");
    }
    if (head->request_id.len > 0) {
        at = PUT(at, "X-Request-ID: ");
        at = put(at, head->request_id.at, head->request_id.len);
        at = PUT(at, "\r\n");
    }
    if (head->fields.len > 0)
        at = put(at, head->fields.at, head->fields.len);
    at = PUT(at, "\r\n");
    out->len += (size_t)(at - start);
}

bool gv_fields_have(gv_slice lines, gv_slice name)
{
    while (lines.len > 0) {
        const char *end = memchr(lines.at, '\n', lines.len);

        if (lines.len > name.len && lines.at[name.len] == ':' &&
            gv_slice_equal_nocase((gv_slice){lines.at, name.len}, name))
            return true;
        if (end == NULL)
            return false;
        lines = gv_slice_from(lines, (size_t)(end - lines.at) + 1);
    }
    return false;
}

void gv_chunk_begin(gv_buf *out, size_t len)
{
    char *at = gv_buf_reserve(out, 2 * sizeof(len) + 2);
    unsigned digits = 1;

    while (digits < 2 * sizeof(len) && len >> (4 * digits) > 0)
        digits++;
    out->len += digits + 2;
    for (unsigned i = digits; i > 0; i--)
        *at++ = "0123456789abcdef"[len >> (4 * (i - 1)) & 15];
    PUT(at, "\r\n");
}

bool gv_field_name_valid(gv_slice name)
{
    return name.len > 0 && gv_token_span(name) == name.len;
}

bool gv_field_value_valid(gv_slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.at[i];

        if ((byte < ' ' && byte != '\t') || byte == 0x7f)
            return false;
    }
    return true;
}
