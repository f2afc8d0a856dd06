/* Requests that the process asks of itself, before it serves. */
#ifndef GV_NET_INSIDE_H
#define GV_NET_INSIDE_H

#include "net/server.h"

/* Who is said to ask. */
typedef struct gv_asker {
    gv_peer peer;
    bool https; /* rather than http */

    /* Whether what has come is all that is wanted; NULL: the whole answer is. */
    bool (*has_enough)(void *owner, gv_slice answer);
    void *owner;
} gv_asker;

/* Has `request` answered as any other, over a pair of sockets; it must end the
 * connection.  The answer is appended to `answer`, less what an end in the middle of it
 * cuts off.  GV_OK, or GV_FAILED: errno says why it could not be asked. */
int gv_inside_ask(gv_server *server, const gv_asker *asker, gv_slice request,
                  gv_buf *answer);

#endif
