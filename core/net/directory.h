#ifndef GV_NET_DIRECTORY_H
#define GV_NET_DIRECTORY_H

#include "net/exchange.h"

/* Answers with a page that lists the open directory `fd`, which it takes over and which
 * is at `path` below `root`: the end of ex->path.  Left out is what could not be had:
 * hidden files, devices, links that lead out of `root`.  The query may say how it is
 * sorted.  GV_OK, or GV_DECLINED where it can not be read. */
int gv_directory_list(gv_exchange *ex, int fd, int root, gv_slice path);

#endif
