#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
    if (memory == NULL) {
        fputs("guava: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *gv_malloc(size_t size)
{
    return must(malloc(size > 0 ? size : 1));
}

void *gv_calloc(size_t count, size_t size)
{
    return must(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *gv_realloc(void *memory, size_t size)
{
    return must(realloc(memory, size > 0 ? size : 1));
}

char *gv_strdup(const char *text)
{
    return gv_strndup(text, strlen(text));
}

char *gv_strndup(const char *text, size_t len)
{
    char *copy = gv_malloc(len + 1);

    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}
