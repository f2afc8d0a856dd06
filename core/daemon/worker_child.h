/* What a worker's process does between its fork and its end. */
#ifndef GV_DAEMON_WORKER_CHILD_H
#define GV_DAEMON_WORKER_CHILD_H

#include "daemon/worker.h"

/* Lets go of what is the master's, becomes the configured user, and serves.
 * `control` is the worker's end of its channel. */
_Noreturn void gv_worker_run(const gv_worker *worker, int control);

#endif
