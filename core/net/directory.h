#ifndef GV_NET_DIRECTORY_H
#define GV_NET_DIRECTORY_H

#include "net/exchange.h"

/* Answers with a page that lists the open directory `fd`, which it takes over; hidden
 * files are left out.  GV_OK, or GV_DECLINED where it can not be read. */
int gv_directory_list(gv_exchange *ex, int fd);

#endif
