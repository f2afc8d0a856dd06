#ifndef GV_HTTP_MIME_H
#define GV_HTTP_MIME_H

#include "base/slice.h"

/* The media type by a file name's last ending in any case, text types with their
 * charset; "application/octet-stream" for an unknown one.  A name that only begins with
 * a dot has no ending.  The slice is static. */
gv_slice gv_mime_type(gv_slice file_name);

/* Types of a user's own, which go before those. */
typedef struct gv_mime_map gv_mime_map;

gv_mime_map *gv_mime_map_new(void);
void gv_mime_map_free(gv_mime_map *map);

/* `ending` begins with a dot, and may have several (".tar.gz"); both are copied. */
void gv_mime_map_add(gv_mime_map *map, gv_slice ending, gv_slice type);

/* The type of the longest ending in `map` (which may be NULL) that the name has, else as
 * gv_mime_type().  The slice lives as long as the map. */
gv_slice gv_mime_map_type(const gv_mime_map *map, gv_slice file_name);

#endif
