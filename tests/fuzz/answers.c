#include "answers.h"

#include "fuzz.h"

typedef struct head {
    int status;
    bool has_length, chunked, close, has_date;
    size_t length;
} head;

enum { LONGEST_NUMBER = 10 };

/* Takes a line off the output, its end left out; false where it has not all come. */
static bool take_line(gv_slice *left, gv_slice *line)
{
    const char *end = left->len > 0 ? memchr(left->at, '\n', left->len) : NULL;

    if (end == NULL)
        return false;
    FUZZ_CHECK(end > left->at && end[-1] == '\r');
    *line = (gv_slice){left->at, (size_t)(end - 1 - left->at)};
    *left = gv_slice_from(*left, line->len + 2);
    for (size_t i = 0; i < line->len; i++)
        FUZZ_CHECK((unsigned char)line->at[i] >= ' ' && line->at[i] != 0x7f);
    return true;
}

static size_t number(gv_slice text, int base)
{
    size_t value = 0;

    FUZZ_CHECK(text.len > 0 && text.len <= LONGEST_NUMBER);
    FUZZ_CHECK(text.len == 1 || text.at[0] != '0');
    for (size_t i = 0; i < text.len; i++) {
        const char *digits = "0123456789abcdef", *at = strchr(digits, text.at[i]);

        FUZZ_CHECK(at != NULL && *at != '\0' && at < digits + base);
        value = value * (size_t)base + (size_t)(at - digits);
    }
    return value;
}

static void read_status(head *h, gv_slice line)
{
    FUZZ_CHECK(gv_slice_starts_with(line, GV_SLICE("HTTP/1.1 ")));
    FUZZ_CHECK(line.len > 13 && line.at[12] == ' ');
    h->status = (int)number((gv_slice){line.at + 9, 3}, 10);
    FUZZ_CHECK(h->status >= 100 && h->status <= 599);
}

static bool is_name(gv_slice name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];

        if (!((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
              strchr(others, c) != NULL))
            return false;
    }
    return name.len > 0;
}

static void read_field(head *h, gv_slice line)
{
    const char *colon = memchr(line.at, ':', line.len);
    gv_slice name, value;

    FUZZ_CHECK(colon != NULL);
    name = (gv_slice){line.at, (size_t)(colon - line.at)};
    FUZZ_CHECK(is_name(name));
    FUZZ_CHECK(line.len > name.len + 1 && colon[1] == ' ');
    value = gv_slice_from(line, name.len + 2);
    if (gv_slice_equal_nocase(name, GV_SLICE("content-length"))) {
        FUZZ_CHECK(!h->has_length);
        h->has_length = true;
        h->length = number(value, 10);
    } else if (gv_slice_equal_nocase(name, GV_SLICE("transfer-encoding"))) {
        FUZZ_CHECK(!h->chunked && gv_slice_equal(value, GV_SLICE("chunked")));
        h->chunked = true;
    } else if (gv_slice_equal_nocase(name, GV_SLICE("connection"))) {
        h->close = gv_slice_equal(value, GV_SLICE("close"));
    } else if (gv_slice_equal_nocase(name, GV_SLICE("date"))) {
        FUZZ_CHECK(!h->has_date);
        h->has_date = true;
    }
}

/* False where it has not all come. */
static bool take_head(gv_slice *left, head *h)
{
    gv_slice line;

    *h = (head){0};
    if (!take_line(left, &line))
        return false;
    read_status(h, line);
    while (take_line(left, &line)) {
        if (line.len == 0)
            return true;
        read_field(h, line);
    }
    return false;
}

static bool take(gv_slice *left, size_t len)
{
    if (left->len < len)
        return false;
    *left = gv_slice_from(*left, len);
    return true;
}

static bool take_chunks(gv_slice *left)
{
    gv_slice line;
    size_t len;

    while (take_line(left, &line)) {
        len = number(line, 16);
        if (len > 0 && !take(left, len))
            return false;
        if (!take_line(left, &line))
            return false;
        FUZZ_CHECK(line.len == 0);
        if (len == 0)
            return true;
    }
    return false;
}

static reading_end take_body(gv_slice *left, const head *h, bool to_head)
{
    FUZZ_CHECK(!(h->has_length && h->chunked));
    if (h->status == 204 || h->status == 304) {
        FUZZ_CHECK(!h->has_length && !h->chunked);
        return READ_ALL;
    }
    if (to_head)
        return READ_ALL;
    if (h->chunked)
        return take_chunks(left) ? READ_ALL : READ_CUT;
    if (h->has_length)
        return take(left, h->length) ? READ_ALL : READ_CUT;
    FUZZ_CHECK(h->close);
    return READ_UNTIL_CLOSE;
}

/* A 100 that stands before a final answer. */
static bool take_interim(gv_slice *left)
{
    gv_slice interim = GV_SLICE("HTTP/1.1 100 Continue\r\n\r\n");

    if (!gv_slice_starts_with(*left, interim))
        return false;
    *left = gv_slice_from(*left, interim.len);
    FUZZ_CHECK(!gv_slice_starts_with(*left, interim));
    return true;
}

reading_end answers_read(gv_slice output, const answer *given, size_t count,
                         size_t *whole, size_t *last_len)
{
    gv_slice left = output;
    reading_end end = READ_ALL;
    head h;

    *whole = 0;
    while (end == READ_ALL) {
        take_interim(&left);
        if (left.len == 0)
            return READ_ALL;
        if (!take_head(&left, &h))
            return READ_CUT;
        FUZZ_CHECK(*whole < count);
        FUZZ_CHECK(h.status == given[*whole].status);
        FUZZ_CHECK(h.close == given[*whole].last);
        FUZZ_CHECK(h.has_date);
        *last_len = left.len;
        end = take_body(&left, &h, given[*whole].to_head);
        if (end != READ_CUT)
            (*whole)++;
    }
    return end;
}
