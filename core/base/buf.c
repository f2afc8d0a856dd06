#include "base/buf.h"

#include "base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { SMALLEST = 256 };

char *gv_buf_reserve(gv_buf *buf, size_t more)
{
    assert(more <= SIZE_MAX / 4 && buf->len <= SIZE_MAX / 4);
    if (buf->cap - buf->len < more) {
        size_t cap = buf->cap > 0 ? buf->cap : SMALLEST;

        while (cap - buf->len < more)
            cap *= 2;
        buf->at = gv_realloc(buf->at, cap);
        buf->cap = cap;
    }
    return buf->at + buf->len;
}

void gv_buf_append(gv_buf *buf, const void *data, size_t len)
{
    if (len == 0)
        return;
    memcpy(gv_buf_reserve(buf, len), data, len);
    buf->len += len;
}

void gv_buf_append_slice(gv_buf *buf, gv_slice text)
{
    gv_buf_append(buf, text.at, text.len);
}

void gv_buf_append_uint(gv_buf *buf, uint64_t number)
{
    char digits[20];
    size_t first = sizeof(digits);

    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    gv_buf_append(buf, digits + first, sizeof(digits) - first);
}

void gv_buf_printf(gv_buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    gv_buf_vprintf(buf, format, args);
    va_end(args);
}

void gv_buf_vprintf(gv_buf *buf, const char *format, va_list args)
{
    char *to = gv_buf_reserve(buf, SMALLEST);
    size_t room = buf->cap - buf->len;
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(to, room, format, args);
    assert(len >= 0);
    if ((size_t)len >= room)
        vsnprintf(gv_buf_reserve(buf, (size_t)len + 1), (size_t)len + 1, format, again);
    va_end(again);
    buf->len += (size_t)len;
}

void gv_buf_consume(gv_buf *buf, size_t len)
{
    assert(len <= buf->len);
    buf->len -= len;
    if (buf->len > 0)
        memmove(buf->at, buf->at + len, buf->len);
}

void gv_buf_dispose(gv_buf *buf)
{
    free(buf->at);
    *buf = (gv_buf){0};
}
