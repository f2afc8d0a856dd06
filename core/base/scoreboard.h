/* What every worker is doing, in memory that the master shares with them.
 *
 * One slot a worker, aligned to cache lines.  A worker writes its own slot, the
 * master reads it (and writes `pid`, `generation` and `number` before the fork).
 * Fields are relaxed atomics: each is true by itself, and the running request
 * is read whole by its sequence number.  Counters only grow while the process lives;
 * the master adds up those of workers that are gone. */
#ifndef GV_BASE_SCOREBOARD_H
#define GV_BASE_SCOREBOARD_H

#include "base/latency.h"
#include "base/slice.h"

#include <stdatomic.h>
#include <stdint.h>

enum {
    GV_SCOREBOARD_MAGIC = 0x67760003, /* changes with the layout */
    GV_SLOT_PATH = 192,
    GV_SLOT_METHOD = 16,
    GV_RUNNING_NAME = 129,
    GV_SLOT_CLASSES = 6, /* of answers, by the status' first digit; [0] is unused */

    /* Answers by router: none's, those of the first routers, and all the others'. */
    GV_SLOT_NO_ROUTER = 0,
    GV_SLOT_FIRST_ROUTER = 1,
    GV_SLOT_OTHER_ROUTER = 33,
    GV_SLOT_ROUTERS
};

typedef enum gv_slot_state {
    GV_SLOT_FREE,
    GV_SLOT_STARTING,
    GV_SLOT_READY,
    GV_SLOT_DRAINING
} gv_slot_state;

/* What a connection waits for; in the order of net/server.h's gv_wait. */
typedef enum gv_slot_wait {
    GV_SLOT_WAIT_HEADER,
    GV_SLOT_WAIT_BODY,
    GV_SLOT_WAIT_WRITE,
    GV_SLOT_WAIT_KEEPALIVE,
    GV_SLOT_WAIT_LINGER,
    GV_SLOT_WAITS
} gv_slot_wait;

/* The request that application code is running, if any. */
typedef struct gv_running {
    uint64_t id;        /* 0: none */
    int64_t started_ms; /* gv_clock_monotonic_ms() */
    char method[GV_SLOT_METHOD];
    char path[GV_SLOT_PATH];    /* cut to fit, NUL-terminated */
    char name[GV_RUNNING_NAME]; /* a proxy's for the request; else empty */
} gv_running;

/* Copies the texts, cut to fit. */
void gv_running_set(gv_running *running, uint64_t id, gv_slice name, int64_t started_ms,
                    gv_slice method, gv_slice path);

/* What logs call the request: its name, or its id as written to `text`. */
const char *gv_running_name(const gv_running *running, char text[GV_RUNNING_NAME]);

typedef struct gv_slot {
    _Alignas(64) _Atomic int32_t pid;
    _Atomic uint32_t state; /* gv_slot_state */
    _Atomic uint32_t generation;
    _Atomic uint32_t number;
    _Atomic int64_t heartbeat_ms;
    _Atomic uint64_t requests;
    _Atomic uint64_t accepted;
    _Atomic uint64_t bytes_in; /* heads, bodies and all */
    _Atomic uint64_t bytes_out;
    _Atomic uint64_t latency_us; /* the sum of what `latencies` counts */
    _Atomic uint32_t connections;
    _Atomic uint32_t timed_out; /* 1: its watchdog ends it, for its request */
    _Atomic uint32_t waiting[GV_SLOT_WAITS]; /* of the connections */
    _Atomic uint64_t answers[GV_SLOT_ROUTERS][GV_SLOT_CLASSES];
    _Atomic uint64_t latencies[GV_LATENCIES];

    _Alignas(64) _Atomic uint32_t sequence; /* odd while `running` is being written */
    gv_running running;
} gv_slot;

typedef struct gv_scoreboard {
    uint32_t magic;
    uint32_t slot_count;
    _Atomic uint32_t used; /* no slot from here on was ever taken */
    gv_slot slots[];
} gv_scoreboard;

/* A new shared mapping of `slot_count` free slots.  `*fd` becomes a close-on-exec
 * memory file that a child maps with gv_scoreboard_map().  NULL: errno says why. */
gv_scoreboard *gv_scoreboard_create(uint32_t slot_count, int *fd);

/* The mapping behind `fd`; NULL where it is no scoreboard of this layout. */
gv_scoreboard *gv_scoreboard_map(int fd);

void gv_scoreboard_unmap(gv_scoreboard *board);

/* By the one thread that writes the counter: no need for a locked instruction. */
static inline void gv_counter_add(_Atomic uint64_t *counter, uint64_t more)
{
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);

    atomic_store_explicit(counter, value + more, memory_order_relaxed);
}

static inline uint64_t gv_counter_get(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

/* An answer of `status` by the router that was mounted as number `router` (from 0; -1:
 * by none), `latency_us` after its request could be read. */
void gv_slot_answered(gv_slot *slot, int router, int status, uint64_t latency_us);

/* A connection waits for `to` now, and for `from` no more; GV_SLOT_WAITS: it is new, or
 * it is gone. */
void gv_slot_wait_moved(gv_slot *slot, gv_slot_wait from, gv_slot_wait to);

/* Around application code, by the worker. */
void gv_slot_begin(gv_slot *slot, uint64_t id, gv_slice name, int64_t now_ms,
                   gv_slice method, gv_slice path);
void gv_slot_end(gv_slot *slot);

/* For a glance: since when the worker runs a request; 0: none, or it changes just now. */
int64_t gv_slot_running_since(const gv_slot *slot);

/* By the master: what the worker runs, or ran when it died.  False: nothing. */
bool gv_slot_running(const gv_slot *slot, gv_running *out);

#endif
