/* The status address: a small HTTP server of the master's own, which answers even where
 * every worker is stuck. */
#ifndef GV_DAEMON_STATUS_H
#define GV_DAEMON_STATUS_H

#include "daemon/sockets.h"
#include "daemon/status_conn.h"

#include <poll.h>

struct gv_master;

enum {
    GV_STATUS_CONNS = 32 /* at once; a further one takes the place of one of them */
};

typedef struct gv_status {
    gv_sockets *sockets; /* borrowed: where `listeners` are from; NULL: not in use */
    gv_socket_set listeners;
    gv_status_conn *conns; /* a list */
    unsigned conn_count;
    int64_t paused_until_ms; /* accept() fails: it is tried again then */
    gv_status_scratch scratch;
} gv_status;

/* Listens on `set`, which is taken over, in place of what it listened on. */
void gv_status_use(gv_status *status, gv_sockets *sockets, gv_socket_set *set);

void gv_status_close(gv_status *status);

/* Accepts, reads, answers, sends: whatever can be done without waiting. */
void gv_status_advance(gv_status *status, const struct gv_master *master);

/* How many descriptors gv_status_poll() gives at most. */
size_t gv_status_poll_count(const gv_status *status);

/* What to wait for.  Returns how many there are. */
size_t gv_status_poll(const gv_status *status, struct pollfd *polled);

/* The next time that advance has something to do without an event; GV_NEVER for none. */
int64_t gv_status_due(const gv_status *status);

#endif
