/* A listening socket, shared with the other workers.
 *
 * A connection wakes one worker that is idle (EPOLLEXCLUSIVE), and that one goes to the
 * end of the line.  A worker that holds more than its share does not take it, but has
 * the master wake a sibling, and looks again some milliseconds later: what waits then,
 * the sibling having taken nothing, is its own.  The connection stays in the kernel's queue
 * all the time, where every worker can get at it, so that none is lost with a worker. */
#ifndef GV_NET_LISTENER_H
#define GV_NET_LISTENER_H

#include "net/server.h"

struct gv_listener {
    uv_poll_t poll; /* first: uv gives us this address back */
    gv_server *server;
    gv_listener *next;
    unsigned index; /* see gv_server_keep_listening() */
    int fd;      /* a copy of its own: the socket refuses when the last one is closed */
    bool paused; /* out of descriptors: tried again at the next tick */
    bool in_line;        /* watched in its own way, not in libuv's */
    bool left;           /* to a sibling: not watched for a moment */
    bool proxy_protocol; /* connections begin with its header */
    bool kept;           /* until a drain ends */
    bool let_go;         /* `fd` is none of it any more */
    gv_buf waiting;      /* accepted and not taken yet, see gv_listener_let_go() */
};

/* NULL: errno says why the loop can not watch `fd`. */
gv_listener *gv_listener_new(gv_server *server, int fd, bool proxy_protocol);
void gv_listener_start(gv_listener *listener);

/* Accepts some of those that wait, where a share is left. */
void gv_listener_look(gv_listener *listener);

/* Accepts all that wait by now: a client that the kernel let in is not sent away. */
void gv_listener_empty(gv_listener *listener);

/* For the watchdog, while the loop is held up: accepts all that wait, for
 * gv_listener_empty() to take, and lets go of the socket; `instead`, any descriptor, is
 * copied into its place. */
void gv_listener_let_go(gv_listener *listener, int instead);

/* Stops accepting; the listener frees itself. */
void gv_listener_close(gv_listener *listener);

#endif
