/* Comma-separated lists (RFC 9110, section 5.6.1), of elements without quotes. */
#ifndef GV_HTTP_LIST_H
#define GV_HTTP_LIST_H

#include "base/slice.h"

/* Takes the next element off `list`, trimmed and perhaps empty; false at its end. */
static inline bool gv_list_next(gv_slice *list, gv_slice *element)
{
    const char *comma;

    if (list->len == 0)
        return false;
    comma = memchr(list->at, ',', list->len);
    element->at = list->at;
    element->len = comma != NULL ? (size_t)(comma - list->at) : list->len;
    *list = gv_slice_from(*list, element->len + (comma != NULL));
    *element = gv_slice_trim(*element);
    return true;
}

#endif
