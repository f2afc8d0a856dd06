#include "daemon/report.h"

#include "base/clock.h"
#include "base/mem.h"
#include "daemon/proc.h"

#include <stdlib.h>

const char *const gv_wait_names[GV_SLOT_WAITS] = {
    [GV_SLOT_WAIT_HEADER] = "reading_head", [GV_SLOT_WAIT_BODY] = "reading_body",
    [GV_SLOT_WAIT_WRITE] = "sending",       [GV_SLOT_WAIT_KEEPALIVE] = "idle",
    [GV_SLOT_WAIT_LINGER] = "closing",
};

const char *gv_generation_state_name(gv_generation_state state)
{
    static const char *const names[] = {[GV_GENERATION_STARTING] = "starting",
                                        [GV_GENERATION_SERVING] = "serving",
                                        [GV_GENERATION_DRAINING] = "draining"};

    return names[state];
}

static const char *state_of(const gv_master *master)
{
    if (master->stopping != GV_STOPPING_NOT)
        return "stopping";
    return master->serving != NULL ? "serving" : "starting";
}

static const char *name_state(const gv_report_worker *of)
{
    switch (of->worker->state) {
    case GV_WORKER_STARTING:
        return "starting";
    case GV_WORKER_READY:
        if (gv_worker_is_mold(of->worker))
            return "mold";
        return of->is_fresh ? "ready" : "stuck";
    case GV_WORKER_LEAVING:
        return "draining";
    default:
        return "down";
    }
}

static bool has_process(const gv_worker *worker)
{
    return worker->state != GV_WORKER_DOWN && worker->state != GV_WORKER_GONE;
}

/* What the worker's process says of itself in its slot. */
static void look_at(gv_report_worker *of, const gv_slot *slot, int64_t now_ms)
{
    int64_t heartbeat = atomic_load_explicit(&slot->heartbeat_ms, memory_order_relaxed);

    if (heartbeat > 0)
        of->heartbeat_age_ms = now_ms - heartbeat;
    of->is_fresh = of->worker->state == GV_WORKER_READY && heartbeat > 0 &&
                   of->heartbeat_age_ms < GV_FRESH_MS;
    of->requests = gv_counter_get(&slot->requests);
    of->resident = gv_proc_resident(of->worker->pid);
    of->connections = atomic_load_explicit(&slot->connections, memory_order_relaxed);
    for (unsigned i = 0; i < GV_SLOT_WAITS; i++)
        of->waiting[i] = atomic_load_explicit(&slot->waiting[i], memory_order_relaxed);
    if (!gv_slot_running(slot, &of->running))
        of->running.id = 0;
}

static void add_worker(gv_report *report, const gv_worker *worker)
{
    const gv_generation *generation = worker->generation;
    const gv_slot *slot = &generation->slots->board->slots[worker->slot];
    gv_report_worker *of = &report->workers[report->worker_count++];

    *of = (gv_report_worker){.worker = worker, .heartbeat_age_ms = -1};
    if (has_process(worker)) {
        look_at(of, slot, report->now_ms);
        gv_tally_add_slot(&report->tally, slot, generation->settings.routers,
                          generation->settings.router_count);
    }
    of->state = name_state(of);
    report->fresh += of->is_fresh;
    report->connections += of->connections;
    for (unsigned i = 0; i < GV_SLOT_WAITS; i++)
        report->waiting[i] += of->waiting[i];
}

static size_t count_workers(const gv_master *master)
{
    size_t count = 0;

    for (const gv_generation *each = master->generations; each; each = each->next) {
        for (const gv_worker *worker = each->workers; worker; worker = worker->next)
            count++;
    }
    return count;
}

static const char *find_reason(const gv_report *report)
{
    if (report->master->stopping != GV_STOPPING_NOT)
        return "guavad is stopping";
    if (report->master->serving == NULL)
        return "guavad is starting";
    return report->fresh == 0 ? "no worker is ready and responsive" : NULL;
}

void gv_report_make(gv_report *report, const gv_master *master)
{
    *report = (gv_report){
        .master = master, .now_ms = gv_clock_monotonic_ms(), .state = state_of(master)};
    report->workers = gv_calloc(count_workers(master), sizeof(*report->workers));
    gv_tally_add(&report->tally, &master->slots.gone);
    for (const gv_generation *each = master->generations; each; each = each->next) {
        for (const gv_worker *worker = each->workers; worker; worker = worker->next)
            add_worker(report, worker);
    }
    report->unready = find_reason(report);
}

void gv_report_dispose(gv_report *report)
{
    gv_tally_dispose(&report->tally);
    free(report->workers);
}
