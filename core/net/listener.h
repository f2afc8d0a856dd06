/* A listening socket, shared with the other workers. */
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
    bool proxy_protocol; /* connections begin with its header */
    bool kept;           /* until a drain ends */
};

/* NULL: errno says why the loop can not watch `fd`. */
gv_listener *gv_listener_new(gv_server *server, int fd, bool proxy_protocol);
void gv_listener_start(gv_listener *listener);

/* Accepts all that wait by now: a client that the kernel let in is not sent away. */
void gv_listener_empty(gv_listener *listener);

/* Stops accepting; the listener frees itself. */
void gv_listener_close(gv_listener *listener);

#endif
