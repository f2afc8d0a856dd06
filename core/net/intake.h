/* From a connection's bytes to requests, and each request to its answer. */
#ifndef GV_NET_INTAKE_H
#define GV_NET_INTAKE_H

#include "net/conn.h"

/* Uses what has been read; what falls short of a request is kept for later. */
void gv_intake_take(gv_conn *conn, const char *data, size_t len);

/* The socket takes bytes again: the answer goes on, then the requests behind it. */
void gv_intake_resume(gv_conn *conn);

/* A request under way did not come in time: 408. */
void gv_intake_time_out(gv_conn *conn);

/* NULL is allowed. */
void gv_upload_free(gv_upload *upload);

#endif
