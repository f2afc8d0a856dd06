#include "base/strings.h"

#include "base/mem.h"

#include <stdlib.h>

void gv_strings_add(gv_strings *list, const char *text)
{
    list->at = gv_realloc(list->at, (list->count + 1) * sizeof(*list->at));
    list->at[list->count++] = gv_strdup(text);
}

void gv_strings_dispose(gv_strings *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->at[i]);
    free(list->at);
    *list = (gv_strings){0};
}
