/* Whether a generation still gets anywhere, for those who watch guavad. */
#ifndef GV_DAEMON_HEALTH_H
#define GV_DAEMON_HEALTH_H

#include "daemon/generation.h"

/* A worker is alive that has turned its loop within the last `patience_ms`, or that
 * runs a request which timeouts.request will end.  One is enough: the others are for
 * the master to replace. */
bool gv_health_is_good(const gv_generation *generation, int64_t patience_ms);

#endif
