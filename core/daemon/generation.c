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
        count += is_staying(worker) && !gv_worker_is_mold(worker);
    return count;
}

/* Under the lowest number that is free. */
static void add_worker(gv_generation *generation)
{
    gv_worker **link = &generation->workers;
    gv_worker *worker;
    unsigned number = 1;

    for (; *link != NULL && (*link)->number <= number; link = &(*link)->next)
        number = (*link)->number + 1;
    worker = gv_worker_new(generation, number);
    worker->is_canary = count_staying(generation) == 0;
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

/* How many workers may start together: nobody is to feel a reload. */
static unsigned pace(const gv_generation *generation)
{
    bool is_first = generation->number == 1;

    return is_first ? generation->target : generation->settings.at_once;
}

static bool lacks_mold(const gv_generation *generation)
{
    return generation->settings.preload && !generation->is_moldless &&
           generation->workers == NULL;
}

/* One worker goes ahead and shows whether the application loads; the rest follows
 * when it is ready.  Before them all comes the mold. */
static void add_missing(gv_generation *generation)
{
    unsigned staying = count_staying(generation);

    if (lacks_mold(generation))
        generation->workers = gv_worker_new(generation, 0);
    else if (all_ready(generation) && staying == 0)
        add_worker(generation);
    else if (all_ready(generation))
        for (unsigned i = pace(generation); i > 0 && staying < generation->target;
             i--) {
            add_worker(generation);
            staying++;
        }
}

/* In a generation that is starting, a worker that died stays down: it failed. */
static bool may_start(const gv_generation *generation, const gv_worker *worker)
{
    return generation->state == GV_GENERATION_SERVING ||
           worker->failure.text[0] == '\0';
}

static void look_at_requests(const gv_generation *generation)
{
    int64_t limit = generation->settings.request_ms;

    for (gv_worker *worker = generation->workers; worker && limit > 0;
         worker = worker->next)
        gv_worker_check_request(worker, limit);
}

/* How many places are changing hands: from the start of the heir to the end of the
 * elder. */
static unsigned count_changing(const gv_generation *generation)
{
    unsigned count = 0;

    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        count += worker->is_succeeded;
    return count;
}

/* The new worker is ready before the old one is told to go. */
static void recycle(gv_generation *generation)
{
    unsigned changing = count_changing(generation);

    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        gv_worker *heir;

        if (changing >= generation->settings.at_once)
            return;
        if (!gv_worker_is_due(worker))
            continue;
        heir = gv_worker_new_heir(worker);
        heir->next = worker->next;
        worker->next = heir;
        changing++;
    }
}

static bool is_recycling(const gv_generation *generation)
{
    const gv_settings *settings = &generation->settings;

    return settings->recycle_requests > 0 || settings->recycle_memory > 0 ||
           settings->recycle_age_ms > 0;
}

static bool is_watched(const gv_generation *generation)
{
    return generation->settings.request_ms > 0 || is_recycling(generation);
}

static void look_at_workers(gv_generation *generation)
{
    int64_t now = gv_clock_monotonic_ms();

    if (!is_watched(generation) || now - generation->looked_ms < LOOK_EVERY_MS)
        return;
    generation->looked_ms = now;
    look_at_requests(generation);
    if (generation->state == GV_GENERATION_SERVING)
        recycle(generation);
}

static void hand_places_over(const gv_generation *generation)
{
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->elder != NULL && worker->state == GV_WORKER_READY)
            gv_worker_succeed(worker);
    }
}

/* The elder is gone before its heir was ready. */
static void forget_elder(const gv_generation *generation, const gv_worker *elder)
{
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->elder == elder)
            worker->elder = NULL;
    }
}

static void forget_gone(gv_generation *generation)
{
    gv_worker **link = &generation->workers;

    while (*link != NULL) {
        gv_worker *worker = *link;

        if (worker->state == GV_WORKER_GONE) {
            *link = worker->next;
            forget_elder(generation, worker);
            generation->is_moldless |= worker->is_unfit;
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
    look_at_workers(generation);
    hand_places_over(generation);
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->state != GV_WORKER_DOWN || may_start(generation, worker))
            gv_worker_act_if_due(worker);
    }
    forget_gone(generation);
}

int64_t gv_generation_due(const gv_generation *generation)
{
    int64_t due =
        is_watched(generation) ? generation->looked_ms + LOOK_EVERY_MS : GV_NEVER;

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

bool gv_generation_has_canary(const gv_generation *generation)
{
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->state == GV_WORKER_READY && !gv_worker_is_mold(worker))
            return true;
    }
    return false;
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

void gv_generation_drain(gv_generation *generation, const gv_generation *successor)
{
    gv_buf dropped = {0};

    gv_sockets_hand_over(generation->sockets, &generation->listeners,
                         &successor->listeners, &dropped);
    generation->state = GV_GENERATION_DRAINING;
    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        gv_worker_drain(worker, gv_buf_slice(&dropped));
    gv_buf_dispose(&dropped);
}

void gv_generation_discard(gv_generation *generation, const gv_generation *serving)
{
    for (gv_worker *worker = generation->workers; worker; worker = worker->next) {
        if (worker->state != GV_WORKER_READY)
            gv_worker_stop(worker);
    }
    gv_generation_drain(generation, serving);
}

void gv_generation_hurry(gv_generation *generation)
{
    if (generation->hurried)
        return;
    generation->hurried = true;
    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        gv_worker_hurry(worker);
}

void gv_generation_quit(gv_generation *generation)
{
    generation->state = GV_GENERATION_DRAINING;
    gv_sockets_release(generation->sockets, &generation->listeners);
    for (gv_worker *worker = generation->workers; worker; worker = worker->next)
        gv_worker_drain(worker, GV_SLICE_NONE);
    gv_generation_hurry(generation);
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
    if (last->elder != NULL)
        gv_worker_drain(last->elder, GV_SLICE_NONE);
    gv_worker_drain(last, GV_SLICE_NONE);
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
