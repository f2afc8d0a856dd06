/* In which order a listing stands, as the query asks for it. */
#ifndef GV_HTTP_LISTING_ORDER_H
#define GV_HTTP_LISTING_ORDER_H

#include "base/slice.h"

typedef enum gv_listing_column {
    GV_LISTING_NAME,
    GV_LISTING_SIZE,
    GV_LISTING_MODIFIED,
    GV_LISTING_COLUMNS
} gv_listing_column;

typedef struct gv_listing_order {
    gv_listing_column column;
    bool descending;
} gv_listing_order;

/* From "sort=size&order=desc" and the like; what it does not know is ignored, and
 * leaves names, ascending.  The last of each key counts. */
gv_listing_order gv_listing_order_of(gv_slice query);

/* What `sort=` calls a column. */
gv_slice gv_listing_column_name(gv_listing_column column);

/* Orders names as people do: without regard to the case of ASCII letters, and runs of
 * digits by their number, so that "file2" comes before "file10".  Less than, equal to
 * or more than 0; 0 only for equal names. */
int gv_natural_compare(gv_slice a, gv_slice b);

#endif
