#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

void gv_fuzz_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
    abort();
}

static void show(const char *name, const gv_buf *text)
{
    fprintf(stderr, "---- %s, %zu bytes\n", name, text->len);
    fwrite(text->at, 1, text->len, stderr);
    fputc('\n', stderr);
}

void gv_fuzz_same(const char *file, int line, const gv_buf *a, const gv_buf *b)
{
    if (gv_slice_equal(gv_buf_slice(a), gv_buf_slice(b)))
        return;
    show("one", a);
    show("the other", b);
    gv_fuzz_fail(file, line, "both are equal");
}

/* FNV-1a. */
gv_fuzz_random gv_fuzz_random_of(gv_slice data)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < data.len; i++)
        hash = (hash ^ (unsigned char)data.at[i]) * 0x100000001b3u;
    return (gv_fuzz_random){hash};
}

/* splitmix64. */
size_t gv_fuzz_below(gv_fuzz_random *random, size_t limit)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)((z ^ (z >> 31)) % limit);
}
