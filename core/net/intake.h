/* From a connection's bytes to requests, and each request to its answer. */
#ifndef GV_NET_INTAKE_H
#define GV_NET_INTAKE_H

#include "net/conn.h"

/* Uses what has been read; what falls short of a request is kept for later. */
void gv_intake_take(gv_conn *conn, const char *data, size_t len);

/* The socket takes bytes again: the answer goes on, then the requests behind it. */
void gv_intake_resume(gv_conn *conn);

/* A request under way will not become whole: it came too slowly, or was cut short. */
void gv_intake_refuse(gv_conn *conn, int status);

/* Whether the body that is under way had come fast enough by `seen_ms`. */
bool gv_intake_is_in_time(const gv_conn *conn, int64_t seen_ms);

/* NULL is allowed. */
void gv_upload_free(gv_upload *upload);

#endif
