/* Getting bytes out of a connection, as far as the socket takes them. */
#ifndef GV_NET_SENDER_H
#define GV_NET_SENDER_H

#include "base/buf.h"
#include "base/pace.h"
#include "base/result.h"
#include "net/payload.h"

/* What an answer still has to send when it did not go out at once. */
typedef struct gv_sending {
    gv_buf text; /* heads, small bodies, a stream's chunk: before `payload` */
    size_t text_sent;
    gv_payload payload;
    bool chunked;       /* of a stream: framed as chunks */
    uint64_t body_sent; /* bytes of `payload` so far, for the access log */

    bool is_paused;   /* the stream has nothing now */
    bool is_blocked;  /* the socket took no more; false where others get their turn */
    bool is_timed;    /* the client's time runs, by `pace` */
    int64_t waits_ms; /* since when it has been waiting for its turn or the socket */
    gv_pace pace;
    uint64_t passed; /* bytes that the socket held when it began, and has taken since */
} gv_sending;

/* All zero is a valid gv_sending that has nothing to send. */
void gv_sending_dispose(gv_sending *sending);

/* Sends as much as the socket takes.  GV_OK: all is gone; GV_AGAIN: wait until `fd`
 * is writable (or, of a stream, until its turn comes again, or where it is_paused, for
 * a while); GV_FAILED: the client or the source is gone, and the connection is only to be
 * closed. */
int gv_sending_go_on(gv_sending *sending, int fd);

/* After GV_AGAIN: the client's time begins where the socket took no more. */
void gv_sending_wait(gv_sending *sending, int fd, const gv_pace_rule *rule,
                     int64_t now_ms);

/* The socket takes bytes again: the client's time ends if that was prompt.  It goes on
 * otherwise, whether or not the next bytes leave at once: a socket is ready again only
 * when a good part of what it holds has been taken. */
void gv_sending_resume(gv_sending *sending, int64_t now_ms);

/* Whether the client on `fd` has taken enough by `seen_ms`; to be asked from time to time
 * while `sending` waits.  What the kernel still holds has not been taken.  A turn that
 * has not come since the last time is one that the client does not make room for. */
bool gv_sending_is_in_time(gv_sending *sending, int fd, const gv_pace_rule *rule,
                           int64_t seen_ms);

/* Sends `out`.  GV_OK: all is gone; GV_AGAIN: `*sent` of it is; GV_FAILED. */
int gv_send(int fd, gv_slice out, size_t *sent);

#endif
