/* A growable run of bytes. */
#ifndef GV_BASE_BUF_H
#define GV_BASE_BUF_H

#include "base/slice.h"

#include <stdarg.h>
#include <stdint.h>

/* All zero is a valid empty buffer that holds no memory. */
typedef struct gv_buf {
    char *at;
    size_t len;
    size_t cap;
} gv_buf;

/* Room for `more` bytes behind the ones that are there; returns where they go.
 * The caller writes them and adds what it wrote to `len`. */
char *gv_buf_reserve(gv_buf *buf, size_t more);

void gv_buf_append(gv_buf *buf, const void *data, size_t len);
void gv_buf_append_slice(gv_buf *buf, gv_slice text);
void gv_buf_append_uint(gv_buf *buf, uint64_t number);
void gv_buf_printf(gv_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void gv_buf_vprintf(gv_buf *buf, const char *format, va_list args);

/* Drops the first `len` bytes; the rest moves to the front. */
void gv_buf_consume(gv_buf *buf, size_t len);

/* Frees the memory and leaves an empty buffer. */
void gv_buf_dispose(gv_buf *buf);

#define gv_buf_append_literal(buf, literal)                                            \
    gv_buf_append((buf), (literal), sizeof(literal) - 1)

static inline gv_slice gv_buf_slice(const gv_buf *buf)
{
    return (gv_slice){buf->at, buf->len};
}

#endif
