#ifndef GV_NET_OPEN_BENEATH_H
#define GV_NET_OPEN_BENEATH_H

#include "base/slice.h"

/* Opens `path`, relative to `directory`, for reading; neither ".." nor a symbolic link
 * leads out of it.  A new descriptor, or -1 with errno. */
int gv_open_beneath(int directory, gv_slice path);

/* Opens `path`, which has no "..", wherever its symbolic links lead. */
int gv_open_following(int directory, gv_slice path);

/* As gv_open_beneath(), for `name` in the directory at `path`, which is empty or ends in
 * a slash. */
int gv_open_in(int directory, gv_slice path, gv_slice name);

#endif
