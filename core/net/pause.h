/* Streams that have nothing to send for now: asked again after a while, all by one timer
 * that runs only where there are any. */
#ifndef GV_NET_PAUSE_H
#define GV_NET_PAUSE_H

#include "net/conn.h"

enum { GV_PAUSE_MS = 100 };

void gv_pauses_init(gv_server *server);

/* Nobody is asked again.  All connections are closed by now, or will be. */
void gv_pauses_end(gv_server *server);

/* Has conn->sending, whose stream has nothing now, go on after GV_PAUSE_MS.  A client that
 * shuts its side down meanwhile is gone. */
void gv_pause_begin(gv_conn *conn);

#endif
