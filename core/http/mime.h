#ifndef GV_HTTP_MIME_H
#define GV_HTTP_MIME_H

#include "base/slice.h"

/* The media type by a file name's ending, text types with their charset;
 * "application/octet-stream" for an unknown one.  The slice is static. */
gv_slice gv_mime_type(gv_slice file_name);

#endif
