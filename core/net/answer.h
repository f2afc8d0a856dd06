/* From an exchange to the bytes of its answer. */
#ifndef GV_NET_ANSWER_H
#define GV_NET_ANSWER_H

#include "net/conn.h"

/* Puts the answer behind those that wait in the server's output; a body that is not
 * copied there becomes conn->sending.  `ex->res.payload` is used up. */
void gv_answer_put(gv_conn *conn, gv_exchange *ex, int64_t started_us);

/* Sends the server's output and what conn->sending holds.  GV_OK: all is gone;
 * GV_AGAIN: conn->sending waits until the socket takes more; GV_FAILED: the client
 * is gone.  The server's output is empty afterwards. */
int gv_answer_flush(gv_conn *conn);

/* Whether the client had taken enough of the answer by `seen_ms`, while that waited for
 * the socket. */
bool gv_answer_is_in_time(gv_conn *conn, int64_t seen_ms);

#endif
