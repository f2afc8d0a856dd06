/* The channel between a worker and its master: a SOCK_SEQPACKET pair, one text
 * message a packet.
 *
 *     master to worker:  drain [<index>...] (but for these sockets, which are accepted
 *                        from to the end) | hurry | close | stop
 *                        | look (connections wait)
 *                        | reopen (with the new error and access logs)
 *     worker to master:  ready | failed <reason> | wake <slot>
 *
 * End of file means that the master is gone: the worker drains. */
#ifndef GV_NET_CONTROL_H
#define GV_NET_CONTROL_H

#include "net/server.h"

struct gv_control {
    uv_poll_t poll; /* first: uv gives us this address back */
    gv_server *server;
    int fd; /* borrowed */
};

/* NULL: errno says why the loop can not watch `fd`. */
gv_control *gv_control_new(gv_server *server, int fd);
void gv_control_close(gv_control *control);

/* Tells the master that this worker accepts connections. */
void gv_control_ready(gv_control *control);

/* Asks the master to have the worker of this slot look for connections. */
void gv_control_wake(gv_control *control, int slot);

#endif
