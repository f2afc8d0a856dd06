/* The mold of a generation: with server.preload, the process that has imported the
 * application and is forked to be each worker.  It is a gv_worker of number 0.
 *
 *     master to mold:  fork <slot> <number> <warm up> (with the worker's control channel)
 *                      | reopen (as a worker) | anything else: leave
 *     mold to master:  ready | failed <reason> | unfit <reason>; to each order
 *                      forked (by the worker itself) | unforked <reason> | unfit <reason> */
#ifndef GV_DAEMON_MOLD_H
#define GV_DAEMON_MOLD_H

#include "daemon/generation.h"

/* The one that can be asked for workers; NULL: there is none, or not now. */
gv_worker *gv_mold_of(const gv_generation *generation);

/* Before a mold is started: what it forks is to become our child.  `control` is our end
 * of its channel. */
void gv_mold_prepare(int control);

/* Has `worker` forked, with this end of its control channel.  Waits for its process id,
 * so that nothing is heard of a process that is not known; GV_FAILED is logged.  The
 * kernel tells the id: whoever runs in the mold can name no process but its own. */
pid_t gv_mold_fork(gv_worker *mold, const gv_worker *worker, int control);

#endif
