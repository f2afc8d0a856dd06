/* Pages of a user's own, which take the place of the built-in ones. */
#ifndef GV_HTTP_ERROR_PAGES_H
#define GV_HTTP_ERROR_PAGES_H

#include "base/slice.h"

typedef struct gv_error_pages gv_error_pages;

typedef struct gv_own_page {
    gv_slice type; /* static */
    gv_slice text; /* lives as long as the set */
    void *handler; /* the application's, which makes the page; NULL: it is `text` */
} gv_own_page;

gv_error_pages *gv_error_pages_new(void);
void gv_error_pages_free(gv_error_pages *pages);

/* `text` is copied; `type` must be static, as of gv_mime_type().  Of several pages for
 * one status the first is found. */
void gv_error_pages_add(gv_error_pages *pages, int status, gv_slice type,
                        gv_slice text);

/* The same for what the application makes by `handler`, which is borrowed. */
void gv_error_pages_add_handler(gv_error_pages *pages, int status, void *handler);

/* NULL where there is none for `status`. */
const gv_own_page *gv_error_pages_find(const gv_error_pages *pages, int status);

#endif
