/* Lines on their way into a log, which nobody waits for. */
#ifndef GV_BASE_LINES_H
#define GV_BASE_LINES_H

#include "base/slice.h"

/* Writes `lines` to `fd`; the bytes that were written, or where they are fewer, errno:
 * EAGAIN where the reader of a pipe, say, is slow.  It only ever waits for a disk, and,
 * where `fd` is not non-blocking, for those who write to the same pipe at that moment.
 * What goes into a pipe goes line by line: those of several processes do not mix. */
size_t gv_lines_write(int fd, gv_slice lines);

#endif
