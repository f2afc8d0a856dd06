/* A copy of all that a request looks into, for one that outlives its exchange. */
#ifndef GV_PYTHON_KEPT_H
#define GV_PYTHON_KEPT_H

#include "net/exchange.h"

typedef struct gv_kept gv_kept;

/* Copies head, path, body and peer; a body in a file keeps that file open, or is lost
 * where descriptors have run out (body_fd is -1 then, and body shorter than body_len). */
gv_kept *gv_kept_new(const gv_exchange *ex);

/* NULL is allowed. */
void gv_kept_free(gv_kept *kept);

/* The copy, which lives as long as `kept`. */
const gv_exchange *gv_kept_exchange(const gv_kept *kept);

#endif
