/* The page that shows what is in a directory. */
#ifndef GV_HTTP_LISTING_H
#define GV_HTTP_LISTING_H

#include "base/buf.h"
#include "http/listing_order.h"

typedef struct gv_listing_entry {
    gv_slice name; /* as the directory has it: any bytes but '/' and NUL */
    bool is_directory;
    uint64_t size;    /* bytes; of a directory it is not shown */
    int64_t modified; /* seconds since 1970 */
} gv_listing_entry;

typedef struct gv_listing {
    gv_slice path; /* decoded, ends with '/' */
    size_t top;    /* how much of `path` no link leads above; it ends with '/' */
    gv_listing_order order;
    const gv_listing_entry *entries;
    size_t count;
} gv_listing;

/* Appends an HTML page in UTF-8: directories first, then in the order that is asked
 * for, and among equals by name.  Links are relative to the path, and no name can be
 * more in the page than text.  A name that is not UTF-8 is left out, for no URL leads
 * to it (see http/path.h). */
void gv_listing_render(gv_buf *out, const gv_listing *listing);

/* The Content-Security-Policy that the page can be shown under: its style, no script,
 * and nothing from elsewhere. */
gv_slice gv_listing_policy(void);

#endif
