#include "daemon/health.h"

#include "base/clock.h"

enum {
    ABORT_ALLOWANCE_MS = 3000 /* between the end of a request's time and its end */
};

static bool is_within_limit(const gv_slot *slot, int64_t limit_ms, int64_t now)
{
    gv_running running;

    return limit_ms > 0 && gv_slot_running(slot, &running) &&
           now - running.started_ms < limit_ms + ABORT_ALLOWANCE_MS;
}

static bool is_alive(const gv_worker *worker, int64_t patience_ms, int64_t now)
{
    const gv_generation *generation = worker->generation;
    const gv_slot *slot = &generation->slots->board->slots[worker->slot];

    if (gv_worker_is_mold(worker) || worker->state != GV_WORKER_READY)
        return false;
    return now - slot->heartbeat_ms < patience_ms ||
           is_within_limit(slot, generation->settings.request_ms, now);
}

bool gv_health_is_good(const gv_generation *generation, int64_t patience_ms)
{
    int64_t now = gv_clock_monotonic_ms();

    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (is_alive(worker, patience_ms, now))
            return true;
    }
    return false;
}
