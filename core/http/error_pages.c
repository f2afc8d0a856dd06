#include "http/error_pages.h"

#include "base/mem.h"

#include <stdlib.h>

typedef struct entry {
    int status;
    gv_own_page page; /* its text owned */
} entry;

struct gv_error_pages {
    entry *at;
    size_t count;
};

gv_error_pages *gv_error_pages_new(void)
{
    return gv_calloc(1, sizeof(gv_error_pages));
}

void gv_error_pages_free(gv_error_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        free((char *)pages->at[i].page.text.at);
    free(pages->at);
    free(pages);
}

void gv_error_pages_add(gv_error_pages *pages, int status, gv_slice type, gv_slice text)
{
    gv_slice copy = {gv_strndup(text.at, text.len), text.len};

    pages->at = gv_realloc(pages->at, (pages->count + 1) * sizeof(*pages->at));
    pages->at[pages->count++] = (entry){status, {type, copy}};
}

const gv_own_page *gv_error_pages_find(const gv_error_pages *pages, int status)
{
    for (size_t i = 0; i < pages->count; i++)
        if (pages->at[i].status == status)
            return &pages->at[i].page;
    return NULL;
}
