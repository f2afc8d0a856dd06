#include "daemon/master.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/callers.h"
#include "daemon/handover.h"
#include "daemon/health.h"
#include "daemon/notify.h"
#include "daemon/shared.h"
#include "daemon/signals.h"
#include "daemon/starter.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* For four generations of as many workers as a configuration may ask for; memory is
 * only used for slots that were. */
enum { SLOTS = 4 * 1024, PATIENT = 4 };

void gv_master_use_log(const gv_generation *generation)
{
    gv_log_set_fd(generation->logs.error);
    gv_log_set_level(generation->settings.log_level);
    gv_log_set_json(generation->settings.log_json);
}

/* Generations that wait for idle clients hold memory: only the last few may. */
static void hurry_older(const gv_master *master)
{
    unsigned draining = 0;

    for (gv_generation *each = master->generations; each != NULL; each = each->next) {
        if (each->state == GV_GENERATION_DRAINING && ++draining > PATIENT)
            gv_generation_hurry(each);
    }
}

/* For a rollback. */
static void remember(gv_master *master, const gv_generation *generation)
{
    gv_settings_dispose(&master->previous);
    gv_settings_copy(&master->previous, &generation->settings);
    master->previous_number = generation->number;
}

void gv_master_serve(gv_master *master, gv_generation *generation)
{
    if (master->serving != NULL) {
        gv_status_use(&master->status, &master->sockets, &generation->status_listeners);
        remember(master, master->serving);
        gv_log(GV_INFO, "generation %u drains", master->serving->number);
        gv_generation_drain(master->serving, generation);
    } else {
        gv_starter_succeed();
    }
    generation->state = GV_GENERATION_SERVING;
    master->serving = generation;
    gv_master_use_log(generation);
    hurry_older(master);
}

/* ---------------------------------------------------------------- stopping */

static void stop_generations(gv_master *master, gv_stopping how)
{
    for (gv_generation *each = master->generations; each != NULL; each = each->next) {
        if (how == GV_STOPPING_FAST)
            gv_generation_stop(each);
        else
            gv_generation_quit(each);
    }
}

static void begin_stop(gv_master *master, gv_stopping how)
{
    if (master->stopping >= how)
        return;
    master->stopping = how;
    gv_reload_cancel(master);
    gv_upgrade_cancel(master);
    stop_generations(master, how);
}

void gv_master_retire(gv_master *master)
{
    gv_generation *generation = master->serving;

    gv_log(GV_INFO, "generation %u drains, and then this guavad ends",
           generation->number);
    master->stopping = GV_STOPPING_GRACEFULLY;
    gv_sockets_disown(&master->sockets);
    gv_status_close(&master->status); /* the new guavad listens there too */
    gv_generation_drain(generation, generation);
}

/* A caller learns the end of it from the end of our process. */
static void stop(gv_master *master, gv_stopping how, pid_t caller)
{
    static const char *const text[] = {[GV_STOPPING_GRACEFULLY] =
                                           "stopping when all requests are answered",
                                       [GV_STOPPING_FAST] = "stopping at once"};
    gv_callers callers = {0};

    if (master->stopping < how) {
        gv_log(GV_INFO, "%s", text[how]);
        gv_notify_stopping(text[how]);
    }
    gv_callers_add(&callers, caller);
    gv_callers_dismiss(&callers, "step", text[how]);
    if (master->serving == NULL && master->stopping == GV_STOPPING_NOT)
        gv_master_fail(master, "told to stop before the workers were ready");
    begin_stop(master, how);
}

void gv_master_quit(gv_master *master, pid_t caller)
{
    stop(master, GV_STOPPING_GRACEFULLY, caller);
}

void gv_master_stop(gv_master *master, pid_t caller)
{
    stop(master, GV_STOPPING_FAST, caller);
}

/* Whoever asks twice does not want to wait. */
void gv_master_terminate(gv_master *master, pid_t caller)
{
    stop(master,
         master->stopping == GV_STOPPING_NOT ? GV_STOPPING_GRACEFULLY
                                             : GV_STOPPING_FAST,
         caller);
}

void gv_master_fail(gv_master *master, const char *reason)
{
    gv_log(GV_ERROR, "%s", reason);
    gv_notify_status(reason);
    gv_starter_fail(reason);
    master->exit_status = EXIT_FAILURE;
    begin_stop(master, GV_STOPPING_FAST);
}

/* ----------------------------------------------------------- other signals */

void gv_master_reopen_logs(gv_master *master, pid_t caller)
{
    gv_callers callers = {0};
    gv_error error = {""};
    int result = GV_OK;

    for (gv_generation *each = master->generations; each != NULL; each = each->next) {
        if (gv_generation_reopen_logs(each, &error) != GV_OK)
            result = GV_FAILED;
    }
    if (master->generations != NULL)
        gv_master_use_log(master->serving ? master->serving : master->generations);
    if (result == GV_OK)
        gv_log(GV_INFO, "log files reopened");
    else
        gv_log(GV_ERROR, "log files not reopened: %s", error.text);
    gv_callers_add(&callers, caller);
    gv_callers_dismiss(&callers, result == GV_OK ? "done" : "failed",
                       result == GV_OK ? "log files reopened" : error.text);
}

static bool has_crew(const gv_master *master)
{
    return master->serving != NULL && master->stopping == GV_STOPPING_NOT;
}

void gv_master_grow(gv_master *master, pid_t caller)
{
    (void)caller;
    if (has_crew(master))
        gv_generation_grow(master->serving);
}

void gv_master_shrink(gv_master *master, pid_t caller)
{
    (void)caller;
    if (has_crew(master))
        gv_generation_shrink(master->serving);
}

static void on_exit_of(gv_master *master, pid_t pid, int status)
{
    if (pid == master->reload.check.pid) {
        gv_reload_checked(master, status);
        return;
    }
    if (pid == master->upgrade.pid) {
        gv_upgrade_exited(master, status);
        return;
    }
    for (gv_generation *each = master->generations; each != NULL; each = each->next) {
        gv_worker *worker = gv_generation_find(each, pid);

        if (worker != NULL) {
            gv_worker_exited(worker, status);
            return;
        }
    }
}

void gv_master_reap(gv_master *master, pid_t caller)
{
    pid_t pid;
    int status;

    (void)caller;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        on_exit_of(master, pid, status);
}

/* ---------------------------------------------------------------- the loop */

static void forget_empty(gv_master *master)
{
    gv_generation **link = &master->generations;

    while (*link != NULL) {
        gv_generation *each = *link;

        if (each->state != GV_GENERATION_DRAINING || each->workers != NULL) {
            link = &each->next;
            continue;
        }
        *link = each->next;
        gv_log(GV_INFO, "generation %u is gone", each->number);
        if (each == master->serving) {
            master->serving = NULL;
            gv_log_set_fd(STDERR_FILENO);
        }
        gv_generation_free(each);
    }
}

/* Milliseconds until something is due; -1 if only an event can bring it on. */
static int time_left(const gv_master *master)
{
    int64_t due = gv_notify_due();
    int64_t left;

    if (master->reload.check.pid != 0 && master->reload.check.due_ms < due)
        due = master->reload.check.due_ms;
    if (master->upgrade.pid != 0 && master->upgrade.due_ms < due)
        due = master->upgrade.due_ms;
    for (gv_generation *each = master->generations; each != NULL; each = each->next) {
        if (gv_generation_due(each) < due)
            due = gv_generation_due(each);
    }
    if (gv_status_due(&master->status) < due)
        due = gv_status_due(&master->status);
    if (due == GV_NEVER)
        return -1;
    left = due - gv_clock_monotonic_ms();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static size_t count_workers(const gv_master *master)
{
    size_t count = 0;

    for (gv_generation *each = master->generations; each != NULL; each = each->next) {
        for (gv_worker *worker = each->workers; worker; worker = worker->next)
            count++;
    }
    return count;
}

/* poll() leaves descriptors of -1 alone: workers that are down, no check. */
static void wait_for_events(const gv_master *master)
{
    size_t room = count_workers(master) + gv_status_poll_count(&master->status) + 3;
    struct pollfd *polled = gv_calloc(room, sizeof(*polled));
    nfds_t count = 0;

    polled[count++] = (struct pollfd){.fd = master->signals, .events = POLLIN};
    polled[count++] = (struct pollfd){.fd = master->reload.check.fd, .events = POLLIN};
    polled[count++] = (struct pollfd){.fd = master->upgrade.channel, .events = POLLIN};
    for (gv_generation *each = master->generations; each != NULL; each = each->next) {
        for (gv_worker *worker = each->workers; worker; worker = worker->next)
            polled[count++] = (struct pollfd){.fd = worker->control, .events = POLLIN};
    }
    count += gv_status_poll(&master->status, polled + count);
    poll(polled, count, time_left(master));
    free(polled);
}

/* What starts and what stops has limits of its own. */
static bool is_well(const gv_master *master)
{
    return master->stopping != GV_STOPPING_NOT || master->serving == NULL ||
           gv_health_is_good(master->serving, gv_notify_patience_ms());
}

/* One round: hear everybody, then do what the new state of things calls for. */
static void advance(gv_master *master)
{
    gv_signals_dispatch(master->signals, master);
    for (gv_generation *each = master->generations; each != NULL; each = each->next)
        gv_generation_hear(each);
    gv_reload_advance(master);
    gv_upgrade_advance(master);
    for (gv_generation *each = master->generations; each != NULL; each = each->next)
        gv_generation_advance(each);
    forget_empty(master);
    gv_status_advance(&master->status, master);
    gv_notify_beat(is_well(master));
}

static int open_master(gv_master *master, gv_error *error)
{
    if (gv_slots_open(&master->slots, SLOTS, error) != GV_OK ||
        gv_shared_open(error) != GV_OK)
        return GV_FAILED;
    master->signals = gv_signals_open(error);
    return master->signals < 0 ? GV_FAILED : GV_OK;
}

static void close_master(gv_master *master)
{
    gv_status_close(&master->status);
    gv_settings_dispose(&master->previous);
    gv_slots_close(&master->slots);
    if (master->signals >= 0)
        close(master->signals);
    gv_pidfile_close(&master->pidfile);
}

int gv_master_run(const char *config, gv_settings *settings)
{
    gv_master master = {.config = config,
                        .signals = -1,
                        .slots = {.fd = -1},
                        .pidfile = GV_PIDFILE_NONE,
                        .reload = GV_RELOAD_IDLE,
                        .started_wall_ms = gv_clock_wall_ms(),
                        .upgrade = GV_UPGRADE_IDLE,
                        .last_number = gv_handover_generation()};
    gv_error error = {""};

    gv_log_set_name("master");
    gv_handover_give_sockets(&master.sockets);
    if (open_master(&master, &error) != GV_OK ||
        gv_reload_begin(&master, settings, &error) != GV_OK) {
        gv_starter_fail(error.text);
        master.exit_status = EXIT_FAILURE;
    }
    while (master.generations != NULL) {
        advance(&master);
        if (master.generations != NULL)
            wait_for_events(&master);
    }
    close_master(&master);
    return master.exit_status;
}
