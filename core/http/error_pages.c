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

static void add(gv_error_pages *pages, const entry *added)
{
    pages->at = gv_realloc(pages->at, (pages->count + 1) * sizeof(*pages->at));
    pages->at[pages->count++] = *added;
}

void gv_error_pages_add(gv_error_pages *pages, int status, gv_slice type, gv_slice text)
{
    gv_slice copy = {gv_strndup(text.at, text.len), text.len};

    add(pages, &(entry){.status = status, .page = {.type = type, .text = copy}});
}

void gv_error_pages_add_handler(gv_error_pages *pages, int status, void *handler)
{
    add(pages, &(entry){.status = status, .page = {.handler = handler}});
}

const gv_own_page *gv_error_pages_find(const gv_error_pages *pages, int status)
{
    for (size_t i = 0; i < pages->count; i++)
        if (pages->at[i].status == status)
            return &pages->at[i].page;
    return NULL;
}
