/* A pretended operating system for one server: sockets whose peers do what a target says,
 * and the part of libuv that core/net uses, with a clock that only the target moves.
 *
 * The calls of libc that take sockets are linked to the functions here (--wrap); those
 * of libuv are these functions, as it is not linked.  Whatever the kernel would refuse
 * (a closed descriptor, a handle closed twice) ends the process. */
#ifndef GV_FUZZ_TRANSPORT_H
#define GV_FUZZ_TRANSPORT_H

#include "net/server.h"

enum { PEERS_MAX = 8 };

/* One socket that the server has accepted, or will.  The target writes these. */
typedef struct peer {
    bool waits;             /* to be accepted */
    bool open;              /* the server has it */
    gv_slice input;         /* what the client sends, sooner or later */
    size_t arrived;         /* bytes of it that have come */
    bool ended;             /* and its end of file */
    bool reset;             /* the client is gone: every call fails */
    size_t room;            /* bytes that the socket takes before it is full */
    unsigned interruptions; /* calls that EINTR comes between */
    bool shortened;         /* the file being sent turns out shorter */

    /* what the server did */
    size_t received;
    gv_buf output;
    bool shut;    /* it has shut its side down */
    bool aborted; /* its close sends an RST */
} peer;

extern peer gv_peers[PEERS_MAX];
extern int gv_peer_count;

/* Forgets all peers; the clock stands at an hour. */
void transport_begin(void);

/* Checks that nothing is left: no open socket, no handle. */
void transport_end(void);

/* Another client connects; NULL where there are PEERS_MAX. */
peer *transport_connect(gv_slice input);

/* Of a descriptor that the server holds. */
peer *transport_peer(int fd);

/* What gv_server_run() does in place of its loop. */
void transport_play(void (*play)(void *), void *ctx);

/* Lets the server have all events that are due, in turn, until there are none.  False
 * once it has stopped. */
bool transport_run(void);

/* Events of poll's kind that no byte stands behind, to all connections. */
void transport_pretend_events(int status);

/* Moves the clock on, ringing the timers. */
bool transport_advance(uint64_t ms);

#endif
