/* Files without a name, for bodies too large for memory. */
#ifndef GV_HTTP_TEMPFILE_H
#define GV_HTTP_TEMPFILE_H

#include "base/result.h"

#include <stddef.h>

/* A new file in $TMPDIR, or /tmp, that vanishes when it is closed.  Its descriptor
 * is close-on-exec; -1: errno says why there is none. */
int gv_tempfile_open(void);

/* GV_OK, or GV_FAILED: errno says why not all of `data` could be written. */
int gv_tempfile_write(int fd, const char *data, size_t len);

#endif
