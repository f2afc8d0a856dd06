#include "daemon/generation.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"

#include <stdlib.h>

enum { LOOK_EVERY_MS = 1000 };

gv_generation *gv_generation_new(unsigned number, gv_settings *settings,
                                 gv_sockets *sockets, gv_slots *slots, gv_error *error)
{
    gv_generation *generation = gv_calloc(1, sizeof(*generation));

    generation->number = number;
    generation->state = GV_GENERATION_STARTING;
    generation->settings = *settings;
    *settings = (gv_settings){0};
    generation->logs = GV_LOGS_CLOSED;
    generation->sockets = sockets;
    generation->slots = slots;
    generation->target = generation->settings.workers;
    if (gv_logs_open(&generation->logs, &generation->settings, error) == GV_OK)
        return generation;
    gv_generation_free(generation);
    return NULL;
}

void gv_generation_free(gv_generation *generation)
{
    gv_sockets_release(generation->sockets, &generation->listeners);
    gv_sockets_release(generation->sockets, &generation->status_listeners);
    gv_logs_close(&generation->logs);
    gv_settings_dispose(&generation->settings);
    free(generation);
}

int gv_generation_listen(gv_generation *generation, gv_error *error)
{
    if (gv_sockets_acquire(generation->sockets, &generation->settings,
                           &generation->listeners, error) != GV_OK)
        return GV_FAILED;
    return gv_sockets_acquire_status(generation->sockets, &generation->settings,
                                     &generation->status_listeners, error);
}

static bool is_staying(const gv_worker *worker)
{
    return worker->state != GV_WORKER_LEAVING && worker->state != GV_WORKER_GONE;
}

static unsigned count_staying(const gv_generation *generation)
{
    unsigned count = 0;

    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        count += is_staying(worker);
    return count;
}

/* Under the lowest number that is free. */
static void add_worker(gv_generation *generation)
{
    gv_worker **link = &generation->workers;
    gv_worker *worker;
    unsigned number = 1;

    while (*link != NULL && (*link)->number == number) {
        number++;
        link = &(*link)->next;
    }
    worker = gv_worker_new(generation, number);
    worker->next = *link;
    *link = worker;
}

static bool all_ready(const gv_generation *generation)
{
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->state != GV_WORKER_READY)
            return false;
    }
    return true;
}

/* One worker goes ahead and shows whether the application loads; the rest follows
 * when it is ready. */
static void add_missing(gv_generation *generation)
{
    if (generation->workers == NULL)
        add_worker(generation);
    else if (all_ready(generation))
        while (count_staying(generation) < generation->target)
            add_worker(generation);
}

/* In a generation that is starting, a worker that died stays down: it failed. */
static bool may_start(const gv_generation *generation, const gv_worker *worker)
{
    return generation->state == GV_GENERATION_SERVING ||
           worker->failure.text[0] == '\0';
}

static void look_at_requests(gv_generation *generation)
{
    int64_t limit = generation->settings.request_ms;
    int64_t now = gv_clock_monotonic_ms();

    if (limit == 0 || now - generation->looked_ms < LOOK_EVERY_MS)
        return;
    generation->looked_ms = now;
    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        gv_worker_check_request(worker, limit);
}

static void forget_gone(gv_generation *generation)
{
    gv_worker **link = &generation->workers;

    while (*link != NULL) {
        gv_worker *worker = *link;

        if (worker->state == GV_WORKER_GONE) {
            *link = worker->next;
            gv_worker_free(worker);
        } else {
            link = &worker->next;
        }
    }
}

void gv_generation_advance(gv_generation *generation)
{
    if (generation->state == GV_GENERATION_STARTING)
        add_missing(generation);
    look_at_requests(generation);
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->state != GV_WORKER_DOWN || may_start(generation, worker))
            gv_worker_act_if_due(worker);
    }
    forget_gone(generation);
}

int64_t gv_generation_due(const gv_generation *generation)
{
    int64_t due = generation->settings.request_ms > 0
                      ? generation->looked_ms + LOOK_EVERY_MS
                      : GV_NEVER;

    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->due_ms < due)
            due = worker->due_ms;
    }
    return due;
}

void gv_generation_hear(gv_generation *generation)
{
    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        gv_worker_hear(worker);
}

gv_worker *gv_generation_find(const gv_generation *generation, pid_t pid)
{
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->pid == pid && worker->state != GV_WORKER_DOWN)
            return worker;
    }
    return NULL;
}

bool gv_generation_is_ready(const gv_generation *generation)
{
    return all_ready(generation) && count_staying(generation) >= generation->target;
}

const char *gv_generation_failure(const gv_generation *generation)
{
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->state == GV_WORKER_DOWN && worker->failure.text[0] != '\0')
            return worker->failure.text;
    }
    return NULL;
}

void gv_generation_drain(gv_generation *generation)
{
    generation->state = GV_GENERATION_DRAINING;
    gv_sockets_release(generation->sockets, &generation->listeners);
    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        gv_worker_drain(worker, generation->settings.graceful_ms);
}

void gv_generation_stop(gv_generation *generation)
{
    generation->state = GV_GENERATION_DRAINING;
    gv_sockets_release(generation->sockets, &generation->listeners);
    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        gv_worker_stop(worker);
}

void gv_generation_grow(gv_generation *generation)
{
    generation->target++;
    add_worker(generation);
    gv_log(GV_INFO, "generation %u gets %u workers", generation->number,
           generation->target);
}

void gv_generation_shrink(gv_generation *generation)
{
    gv_worker *last = NULL;

    if (generation->target <= 1) {
        gv_log(GV_WARNING, "generation %u keeps its last worker", generation->number);
        return;
    }
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (is_staying(worker))
            last = worker;
    }
    generation->target--;
    gv_worker_drain(last, generation->settings.graceful_ms);
    gv_log(GV_INFO, "generation %u is left with %u workers", generation->number,
           generation->target);
}

int gv_generation_reopen_logs(gv_generation *generation, gv_error *error)
{
    if (gv_logs_reopen(&generation->logs, &generation->settings, error) != GV_OK)
        return GV_FAILED;
    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        gv_worker_reopen_logs(worker);
    return GV_OK;
}
