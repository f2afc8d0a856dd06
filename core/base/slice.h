/* A piece of somebody else's bytes: never owned, never NUL-terminated. */
#ifndef GV_BASE_SLICE_H
#define GV_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

typedef struct gv_slice {
    const char *at;
    size_t len;
} gv_slice;

#define GV_SLICE(literal) ((gv_slice){(literal), sizeof(literal) - 1})
#define GV_SLICE_NONE     ((gv_slice){NULL, 0})

static inline gv_slice gv_slice_of(const char *text)
{
    return (gv_slice){text, strlen(text)};
}

static inline bool gv_slice_equal(gv_slice a, gv_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* ASCII case-insensitive, as header names and tokens are compared. */
static inline bool gv_slice_equal_nocase(gv_slice a, gv_slice b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

static inline bool gv_slice_starts_with(gv_slice text, gv_slice prefix)
{
    return text.len >= prefix.len &&
           (prefix.len == 0 || memcmp(text.at, prefix.at, prefix.len) == 0);
}

/* `text` from byte `from` on; `from` at most its length. */
static inline gv_slice gv_slice_from(gv_slice text, size_t from)
{
    /* C11 adds nothing to NULL, not even 0. */
    return (gv_slice){from > 0 ? text.at + from : text.at, text.len - from};
}

/* Without spaces and tabs at either end (RFC 9110, section 5.6.3: OWS). */
static inline gv_slice gv_slice_trim(gv_slice text)
{
    while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text.at++;
        text.len--;
    }
    while (text.len > 0 &&
           (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        text.len--;
    return text;
}

#endif
