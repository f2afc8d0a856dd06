/* Allocation that does not fail: out of memory ends the process (the master
 * starts another worker), so no caller has a path that is never tested. */
#ifndef GV_BASE_MEM_H
#define GV_BASE_MEM_H

#include <stddef.h>

void *gv_malloc(size_t size);
void *gv_calloc(size_t count, size_t size);
void *gv_realloc(void *memory, size_t size);
char *gv_strdup(const char *text);

/* A NUL-terminated copy of `len` bytes. */
char *gv_strndup(const char *text, size_t len);

#endif
