/* One place in a generation, and the process that fills it; the process may die and
 * be started again, the place keeps its number. */
#ifndef GV_DAEMON_WORKER_H
#define GV_DAEMON_WORKER_H

#include "base/slice.h"
#include "daemon/error.h"
#include "daemon/recycle.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define GV_NEVER INT64_MAX

struct gv_generation;

typedef enum gv_worker_state {
    GV_WORKER_DOWN,     /* no process; it is to be started at `due_ms` */
    GV_WORKER_STARTING, /* loading the application; killed at `due_ms` */
    GV_WORKER_READY,    /* serving; killed at `due_ms` once it was aborted */
    GV_WORKER_LEAVING,  /* told to go; warned and then killed at `due_ms` */
    GV_WORKER_GONE      /* went for good */
} gv_worker_state;

typedef struct gv_worker {
    struct gv_worker *next;
    const struct gv_generation *generation; /* its owner */
    unsigned number;                        /* 0: the mold, see daemon/mold.h */
    gv_worker_state state;
    int64_t due_ms;  /* when the master must act, by `state`; or GV_NEVER */
    int back_off_ms; /* how long the next start waits if this one dies young */
    bool is_canary;  /* goes ahead in a new generation: asks for server.warm_up */

    /* of a place that changes hands: both are there until the new one is ready */
    struct gv_worker *elder; /* whose place this one is to take; NULL: nobody's */
    bool is_succeeded;       /* another is to take this one's */

    /* of the process; meaningful unless DOWN or GONE */
    pid_t pid;
    int control; /* -1 once the worker closed it */
    unsigned slot;
    int64_t ready_ms; /* 0: not yet */
    gv_lifetime lifetime;
    bool aborted;  /* told to leave its stacks in the log: it took too long */
    bool is_unfit; /* of a mold: nothing can be forked from it */
    bool warned;   /* LEAVING: it has closed its idle connections */

    gv_error failure; /* why the last process did not get or stay ready */
} gv_worker;

/* A place without a process, due to be started at once. */
gv_worker *gv_worker_new(const struct gv_generation *generation, unsigned number);

/* There must be no process any more. */
void gv_worker_free(gv_worker *worker);

/* Whether it serves nobody, and others are forked from it. */
static inline bool gv_worker_is_mold(const gv_worker *worker)
{
    return worker->number == 0;
}

/* Whether it is to ask for server.warm_up before it is ready. */
bool gv_worker_warms_up(const gv_worker *worker);

/* Starts the process.  It is the only place that knows where workers are forked
 * from.  On failure the worker is DOWN, with `failure` set, and due again later. */
void gv_worker_start(gv_worker *worker);

/* Takes what the worker has said: that it is ready, or why it fails.  An unfit mold is
 * told to go. */
void gv_worker_hear(gv_worker *worker);

/* The process was waited for and ended with `status`: logs how, and what it was
 * running.  It is then GONE if it was told to go or has an heir, else DOWN and due
 * again. */
void gv_worker_exited(gv_worker *worker, int status);

/* Of a mold: it was ordered a worker and said this instead; "" if nothing. */
void gv_worker_take_refusal(gv_worker *mold, const char *reply);

/* Tells it to finish its requests and go, within timeouts.graceful.  A client that is
 * idle has until shortly before that for its next request, for which it may be on its
 * way.  `dropped` are the sockets that it accepts from meanwhile: see net/control.h. */
void gv_worker_drain(gv_worker *worker, gv_slice dropped);

/* While it drains: such clients get a moment more. */
void gv_worker_hurry(const gv_worker *worker);

/* Tells it to go at once. */
void gv_worker_stop(gv_worker *worker);

/* Hands it the log files that its generation has open now. */
void gv_worker_reopen_logs(const gv_worker *worker);

/* A place that is to be `elder`'s, under the same number. */
gv_worker *gv_worker_new_heir(gv_worker *elder);

/* It is ready: has its elder leave. */
void gv_worker_succeed(gv_worker *worker);

/* Whether it has served long enough; logged if it has. */
bool gv_worker_is_due(const gv_worker *worker);

/* Does what `due_ms` calls for, if that time has come. */
void gv_worker_act_if_due(gv_worker *worker);

/* Aborts it, so that it leaves its stacks in the error log, when its request has been
 * running for longer than `limit_ms` and its own watchdog has done nothing about it. */
void gv_worker_check_request(gv_worker *worker, int64_t limit_ms);

#endif
