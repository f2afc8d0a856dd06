/* A request kept for its access log line, while its answer is still going out. */
#ifndef GV_NET_LOGGED_H
#define GV_NET_LOGGED_H

#include "net/exchange.h"

typedef struct gv_logged gv_logged;

/* Copies what the line needs.  `started_us`: gv_clock_monotonic_ns() / 1000 when the
 * request had come. */
gv_logged *gv_logged_new(const gv_exchange *ex, int64_t started_us);

/* Writes the line, with the bytes of the body that went out, and frees `logged`. */
void gv_logged_finish(gv_logged *logged, uint64_t body_bytes);

/* Writes the line of an answer that is out already. */
void gv_logged_now(const gv_exchange *ex, int64_t started_us, uint64_t body_bytes);

#endif
