#ifndef GV_ROUTE_SEGMENT_H
#define GV_ROUTE_SEGMENT_H

#include "base/slice.h"

/* Takes the first segment of `rest`, and the slash behind it, off `rest`, which is
 * not empty.  False where the segment is empty: a path with one answers nothing.
 * A final slash leaves nothing behind, so it asks for what the path without it does. */
static inline bool gv_segment_take(gv_slice *rest, gv_slice *segment)
{
    const char *slash = memchr(rest->at, '/', rest->len);

    if (slash == NULL) {
        *segment = *rest;
        *rest = gv_slice_from(*rest, rest->len);
    } else {
        *segment = (gv_slice){rest->at, (size_t)(slash - rest->at)};
        *rest = gv_slice_from(*rest, segment->len + 1);
    }
    return segment->len > 0;
}

#endif
