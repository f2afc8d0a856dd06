/* The thread that ends what the loop can not: a request that runs for too long, and a
 * worker whose master is gone.
 *
 * Application code holds the loop up then.  The thread answers the client in its place,
 * by 504, has the stacks of all threads written to the error log, and ends the process;
 * it never touches the interpreter.  Who has the server is settled by one word: the loop
 * sets it around application code, the thread claims it, and the loop, should it come
 * back, waits. */
#ifndef GV_NET_WATCHDOG_H
#define GV_NET_WATCHDOG_H

#include "net/exchange.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct gv_watchdog gv_watchdog;

enum { GV_WATCHDOG_CLAIMED = -1 };

/* What the loop shows the thread; the rest is the thread's. */
typedef struct gv_watched {
    _Atomic int64_t
        since_ms;          /* in application code since then; 0: not in it; CLAIMED */
    const gv_exchange *ex; /* what it answers; NULL: an answer that has begun */
} gv_watched;

/* Watches the server and `control`, the channel to its master (-1: there is none).  To be
 * made by the thread that runs the loop.  NULL: errno says why. */
gv_watchdog *gv_watchdog_new(gv_server *server, int control);

/* Not while the loop runs application code.  NULL is allowed. */
void gv_watchdog_free(gv_watchdog *dog);

/* Waits until the thread gives the claimed server back, which may be never. */
void gv_watched_wait(gv_watched *watched);

/* Around application code, by the loop. */
static inline void gv_watched_enter(gv_watched *watched, const gv_exchange *ex,
                                    int64_t now_ms)
{
    watched->ex = ex;
    atomic_store_explicit(&watched->since_ms, now_ms, memory_order_release);
}

static inline bool gv_watched_is_entered(const gv_watched *watched)
{
    return atomic_load_explicit(&watched->since_ms, memory_order_relaxed) != 0;
}

static inline void gv_watched_leave(gv_watched *watched)
{
    int64_t since = atomic_load_explicit(&watched->since_ms, memory_order_relaxed);

    if (since == GV_WATCHDOG_CLAIMED ||
        !atomic_compare_exchange_strong_explicit(
            &watched->since_ms, &since, 0, memory_order_acq_rel, memory_order_relaxed))
        gv_watched_wait(watched);
}

#endif
