/* The page that shows what is in a directory. */
#ifndef GV_HTTP_LISTING_H
#define GV_HTTP_LISTING_H

#include "base/buf.h"

typedef struct gv_listing_entry {
    gv_slice name; /* as the directory has it: any bytes but '/' and NUL */
    bool is_directory;
    uint64_t size;    /* bytes; of a directory it is not shown */
    int64_t modified; /* seconds since 1970 */
} gv_listing_entry;

/* Appends an HTML page in UTF-8 for the directory at `path`, which is decoded and
 * ends with '/': directories first, then by name.  Links are relative to the path,
 * and no name can be more in the page than text.  A name that is not UTF-8 is left
 * out, for no URL leads to it (see http/path.h). */
void gv_listing_render(gv_buf *out, gv_slice path, const gv_listing_entry *entries,
                       size_t count);

#endif
