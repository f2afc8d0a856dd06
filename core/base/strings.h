/* A list of texts of its own. */
#ifndef GV_BASE_STRINGS_H
#define GV_BASE_STRINGS_H

#include <stddef.h>

/* All zero is a valid empty list. */
typedef struct gv_strings {
    char **at; /* NUL-terminated */
    size_t count;
} gv_strings;

/* Appends a copy. */
void gv_strings_add(gv_strings *list, const char *text);

/* Frees the texts and leaves an empty list. */
void gv_strings_dispose(gv_strings *list);

#endif
