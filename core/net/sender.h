/* Getting bytes out of a connection, as far as the socket takes them. */
#ifndef GV_NET_SENDER_H
#define GV_NET_SENDER_H

#include "base/buf.h"
#include "base/result.h"
#include "net/payload.h"

/* What an answer still has to send when it did not go out at once. */
typedef struct gv_sending {
    gv_buf text; /* heads, small bodies, a stream's chunk: before `payload` */
    size_t text_sent;
    gv_payload payload;
    bool chunked;       /* of a stream: framed as chunks */
    uint64_t body_sent; /* bytes of `payload` so far, for the access log */
} gv_sending;

/* All zero is a valid gv_sending that has nothing to send. */
void gv_sending_dispose(gv_sending *sending);

/* Sends as much as the socket takes.  GV_OK: all is gone; GV_AGAIN: wait until `fd`
 * is writable (or, of a stream, until its turn comes again); GV_FAILED: the client or
 * the source is gone, and the connection is only to be closed. */
int gv_sending_go_on(gv_sending *sending, int fd);

/* Sends `out`.  GV_OK: all is gone; GV_AGAIN: `*sent` of it is; GV_FAILED. */
int gv_send(int fd, gv_slice out, size_t *sent);

#endif
