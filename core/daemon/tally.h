/* What workers have counted, added up: so that counters outlive workers, and reloads
 * that keep a router. */
#ifndef GV_DAEMON_TALLY_H
#define GV_DAEMON_TALLY_H

#include "base/scoreboard.h"
#include "base/slice.h"

/* The answers of one router, or of routers that are called the same. */
typedef struct gv_tally_row {
    char *router; /* "TYPE MOUNT_POINT", "none" or "other" */
    uint64_t answers[GV_SLOT_CLASSES];
} gv_tally_row;

/* How often workers ended without being told to. */
typedef struct gv_tally_end {
    char cause[24]; /* "exit", "SIGSEGV", "aborted", ... */
    uint64_t count;
} gv_tally_end;

enum { GV_TALLY_ENDS = 32 };

/* All zero is valid and empty. */
typedef struct gv_tally {
    gv_tally_row *rows; /* in the order that they were first seen in */
    size_t row_count;
    gv_tally_end ends[GV_TALLY_ENDS]; /* up to the first without a cause */
    uint64_t requests;
    uint64_t accepted;
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t latency_us;
    uint64_t latencies[GV_LATENCIES];
} gv_tally;

void gv_tally_dispose(gv_tally *tally);

/* Adds what the worker of `slot` has counted; its routers are called `names`. */
void gv_tally_add_slot(gv_tally *tally, const gv_slot *slot, char *const *names,
                       size_t count);

void gv_tally_add(gv_tally *tally, const gv_tally *more);

/* A worker has ended; `cause` is cut to fit. */
void gv_tally_add_end(gv_tally *tally, const char *cause);

/* Answers of one class, by all routers. */
uint64_t gv_tally_answers(const gv_tally *tally, unsigned status_class);

/* The time, in microseconds, that `percent` of the answers took at most. */
uint64_t gv_tally_percentile(const gv_tally *tally, double percent);

#endif
