/* When a worker has served long enough, by `recycle` of the configuration. */
#ifndef GV_DAEMON_RECYCLE_H
#define GV_DAEMON_RECYCLE_H

#include "daemon/settings.h"

#include <stdbool.h>

/* The limits of one process: workers that were started together do not all reach
 * theirs at the same time. */
typedef struct gv_lifetime {
    uint64_t requests; /* 0 in any: no limit */
    int64_t memory;
    int64_t age_ms;
} gv_lifetime;

gv_lifetime gv_lifetime_draw(const gv_settings *settings);

typedef struct gv_reason {
    char text[96]; /* such as "has had 1012 requests" */
} gv_reason;

/* Whether a process that has been serving for `age_ms` has reached a limit, and which. */
bool gv_lifetime_is_over(const gv_lifetime *limits, pid_t pid, uint64_t requests,
                         int64_t age_ms, gv_reason *reason);

#endif
