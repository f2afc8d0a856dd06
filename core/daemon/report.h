/* All that the master knows at one moment, for whoever asks how it is doing.  It comes
 * from the master's own state and from shared memory: no worker has to answer. */
#ifndef GV_DAEMON_REPORT_H
#define GV_DAEMON_REPORT_H

#include "base/scoreboard.h"
#include "daemon/master.h"
#include "daemon/tally.h"

enum { GV_FRESH_MS = 3000 /* a worker whose loop turns says so far more often */ };

/* One process. */
typedef struct gv_report_worker {
    const gv_worker *worker;  /* borrowed */
    const char *state;        /* "starting", "ready", "stuck", "draining" or "down" */
    int64_t heartbeat_age_ms; /* -1: there was none yet */
    bool is_fresh;            /* it serves, and its loop turns */
    uint64_t requests;
    uint64_t resident; /* bytes */
    uint32_t connections;
    uint32_t waiting[GV_SLOT_WAITS];
    gv_running running; /* `id` is 0: nothing */
} gv_report_worker;

typedef struct gv_report {
    const gv_master *master; /* borrowed */
    int64_t now_ms;          /* gv_clock_monotonic_ms() */
    const char *state;       /* "starting", "serving" or "stopping" */
    const char *unready; /* why new requests should go elsewhere; NULL: they are fine */
    gv_report_worker *workers;
    size_t worker_count;
    unsigned fresh; /* how many of them are */
    uint32_t connections;
    uint32_t waiting[GV_SLOT_WAITS];
    gv_tally tally; /* of all workers, past and present */
} gv_report;

/* What connections wait for, by gv_slot_wait: "reading_head", ... */
extern const char *const gv_wait_names[GV_SLOT_WAITS];

const char *gv_generation_state_name(gv_generation_state state);

void gv_report_make(gv_report *report, const gv_master *master);
void gv_report_dispose(gv_report *report);

#endif
