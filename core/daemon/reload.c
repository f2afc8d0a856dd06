#include "daemon/reload.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/handover.h"
#include "daemon/master.h"
#include "daemon/notify.h"
#include "daemon/privileges.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char stopping[] = "guavad is stopping";

/* To the log, to those who wait and to the service manager. */
static void announce(gv_reload *reload, gv_level level, const char *text)
{
    gv_log(level, "%s", text);
    gv_callers_tell(&reload->callers, "step", text);
    gv_notify_status(text);
    gv_handover_tell("step", text);
}

bool gv_reload_is_under_way(const gv_reload *reload)
{
    return reload->check.pid != 0 || reload->coming != NULL;
}

static void start_check(gv_master *master);

/* The first start is none. */
static void record(const gv_master *master, gv_reload_record *of, const char *word,
                   const char *text)
{
    bool was_done = strcmp(word, "done") == 0;

    if (master->serving == NULL || (was_done && master->last_number == 1))
        return;
    of->was_done = was_done;
    *(was_done ? &of->done : &of->failed) += 1;
    of->wall_ms = gv_clock_wall_ms();
    gv_error_set(&of->text, "%s", text);
}

/* This one is over, well or badly; `word` is the callers' last. */
static void finish(gv_master *master, const char *word, const char *text)
{
    gv_reload *reload = &master->reload;
    bool again = reload->again;

    record(master, &reload->record, word, text);
    if (master->serving != NULL)
        gv_notify_ready(text);
    gv_callers_dismiss(&reload->callers, word, text);
    reload->callers = reload->next;
    reload->next = (gv_callers){0};
    reload->again = false;
    if (again)
        start_check(master);
}

/* The old generation serves on; at the first start there is none. */
static void give_up(gv_master *master, const char *reason)
{
    gv_error text;

    if (master->serving == NULL) {
        gv_master_fail(master, reason);
        finish(master, "failed", reason);
        return;
    }
    gv_error_set(&text, "reload failed, generation %u serves on: %s",
                 master->serving->number, reason);
    gv_log(GV_ERROR, "%s", text.text);
    finish(master, "failed", text.text);
}

static void start_check(gv_master *master)
{
    gv_reload *reload = &master->reload;
    gv_error text;

    gv_error_set(&text, "checking %s", master->config);
    gv_notify_reloading();
    announce(reload, GV_INFO, text.text);
    if (gv_check_start(&reload->check, master->config, GV_CHECK_FOR_START, &text) !=
        GV_OK)
        give_up(master, text.text);
}

static void refuse(pid_t caller, const char *what, const char *reason)
{
    gv_callers callers = {0};

    gv_log(GV_WARNING, "no %s: %s", what, reason);
    gv_callers_add(&callers, caller);
    gv_callers_dismiss(&callers, "failed", reason);
}

void gv_reload_ask(gv_master *master, pid_t caller)
{
    gv_reload *reload = &master->reload;

    if (gv_upgrade_postpones_reload(master, caller))
        return;
    if (master->stopping != GV_STOPPING_NOT) {
        refuse(caller, "reload", stopping);
    } else if (gv_callers_include(&reload->callers, caller)) {
        gv_callers_tell(&reload->callers, "step", "still at it");
    } else if (gv_reload_is_under_way(reload)) {
        gv_callers_add(&reload->next, caller);
        gv_callers_tell(&reload->next, "step", "waiting for the reload under way");
        reload->again = true;
    } else {
        gv_callers_add(&reload->callers, caller);
        start_check(master);
    }
}

/* Why there is no rollback, or NULL. */
static const char *obstacle(const gv_master *master)
{
    if (master->stopping != GV_STOPPING_NOT)
        return stopping;
    if (gv_reload_is_under_way(&master->reload))
        return "another reload is under way";
    if (master->upgrade.pid != 0)
        return "an upgrade is under way";
    return master->previous_number == 0 ? "no generation has served before" : NULL;
}

void gv_reload_roll_back(gv_master *master, pid_t caller)
{
    gv_reload *reload = &master->reload;
    gv_settings settings;
    gv_error text;

    if (gv_callers_include(&reload->callers, caller)) {
        gv_callers_tell(&reload->callers, "step", "still at it");
        return;
    }
    if (obstacle(master) != NULL) {
        refuse(caller, "rollback", obstacle(master));
        return;
    }
    gv_callers_add(&reload->callers, caller);
    gv_error_set(&text, "rolling back to the configuration of generation %u",
                 master->previous_number);
    gv_notify_reloading();
    announce(reload, GV_INFO, text.text);
    gv_settings_copy(&settings, &master->previous);
    if (gv_reload_begin(master, &settings, &text) != GV_OK)
        give_up(master, text.text);
}

static void report_faults(gv_master *master, const gv_buf *faults)
{
    gv_slice rest = gv_buf_slice(faults), line;
    gv_error first = {""};

    while (gv_fault_next(&rest, &line)) {
        char *text = gv_strndup(line.at, line.len);

        announce(&master->reload, GV_ERROR, text);
        if (first.text[0] == '\0')
            gv_error_set(&first, "%s", text);
        free(text);
    }
    give_up(master, first.text);
}

void gv_reload_checked(gv_master *master, int status)
{
    gv_reload *reload = &master->reload;
    gv_buf faults = {0};
    gv_settings settings;
    gv_error error;

    if (gv_check_finish(&reload->check, status, &settings, &faults) != GV_OK)
        report_faults(master, &faults);
    else if (gv_reload_begin(master, &settings, &error) != GV_OK)
        give_up(master, error.text);
    gv_buf_dispose(&faults);
}

static int open_pidfile(gv_master *master, const char *path, gv_error *error)
{
    if (gv_pidfile_is_at(&master->pidfile, path) || gv_handover_has_pidfile(path))
        return GV_OK;
    return gv_pidfile_open(&master->reload.pidfile, path, error);
}

static gv_generation *create_generation(gv_master *master, gv_settings *settings,
                                        gv_error *error)
{
    gv_generation *generation = gv_generation_new(
        master->last_number + 1, settings, &master->sockets, &master->slots, error);

    if (generation == NULL)
        return NULL;
    if (master->serving == NULL)
        gv_master_use_log(generation);
    if (gv_generation_listen(generation, error) == GV_OK) {
        if (master->serving == NULL) /* so that it tells that guavad starts */
            gv_status_use(&master->status, &master->sockets,
                          &generation->status_listeners);
        return generation;
    }
    if (master->serving == NULL)
        gv_log_set_fd(STDERR_FILENO);
    gv_generation_free(generation);
    return NULL;
}

int gv_reload_begin(gv_master *master, gv_settings *settings, gv_error *error)
{
    gv_generation *generation = NULL;

    if (gv_privileges_check(&settings->identity, error) == GV_OK &&
        open_pidfile(master, settings->pidfile, error) == GV_OK)
        generation = create_generation(master, settings, error);
    if (generation == NULL) {
        gv_pidfile_close(&master->reload.pidfile);
        gv_settings_dispose(settings);
        return GV_FAILED;
    }
    master->last_number++;
    generation->next = master->generations;
    master->generations = generation;
    master->reload.coming = generation;
    master->reload.has_canary = false;
    gv_error_set(error, "starting generation %u", generation->number);
    announce(&master->reload, GV_INFO, error->text);
    return GV_OK;
}

/* From the guavad before, if there is one, the pidfile and the sockets' files. */
static int take_over(gv_master *master, const char *text, gv_error *error)
{
    gv_pidfile *pidfile = &master->reload.pidfile;
    const char *path = master->reload.coming->settings.pidfile;

    if (!gv_handover_is_under_way())
        return GV_OK;
    if (gv_handover_claim(text, error) != GV_OK)
        return GV_FAILED;
    if (pidfile->path == NULL && gv_pidfile_open(pidfile, path, error) != GV_OK)
        return GV_FAILED;
    gv_handover_confirm(path);
    gv_sockets_own(&master->sockets);
    return GV_OK;
}

static void discard(gv_master *master)
{
    gv_reload *reload = &master->reload;

    gv_log(GV_WARNING, "generation %u is discarded", reload->coming->number);
    if (master->serving != NULL)
        gv_generation_discard(reload->coming, master->serving);
    else
        gv_generation_stop(reload->coming);
    reload->coming = NULL;
    gv_pidfile_close(&reload->pidfile);
}

static void announce_canary(gv_reload *reload)
{
    gv_error text;

    if (reload->has_canary || !gv_generation_has_canary(reload->coming))
        return;
    reload->has_canary = true;
    gv_error_set(&text, "the first worker of generation %u is ready",
                 reload->coming->number);
    announce(reload, GV_INFO, text.text);
}

static void fail(gv_master *master, const char *reason)
{
    discard(master);
    give_up(master, reason);
}

/* The moment from which the new generation is the one that serves. */
static void commit(gv_master *master)
{
    gv_reload *reload = &master->reload;
    gv_generation *generation = reload->coming;
    gv_error text, error;

    gv_error_set(&text, "generation %u serves with %u workers", generation->number,
                 generation->target);
    if (take_over(master, text.text, &error) != GV_OK) {
        fail(master, error.text);
        return;
    }
    reload->coming = NULL;
    gv_sockets_settle(&generation->listeners, &generation->settings);
    gv_sockets_settle_status(&generation->status_listeners, &generation->settings);
    if (!gv_pidfile_is_at(&master->pidfile, generation->settings.pidfile)) {
        gv_pidfile_close(&master->pidfile);
        master->pidfile = reload->pidfile;
        reload->pidfile = GV_PIDFILE_NONE;
    }
    gv_log(GV_INFO, "%s", text.text);
    gv_master_serve(master, generation);
    finish(master, "done", text.text);
}

void gv_reload_advance(gv_master *master)
{
    gv_generation *coming = master->reload.coming;
    gv_error reason;

    gv_check_read(&master->reload.check);
    gv_check_enforce_limit(&master->reload.check);
    if (coming == NULL)
        return;
    announce_canary(&master->reload);
    gv_handover_tell_alive(coming->settings.start_ms);
    if (gv_generation_failure(coming) != NULL) {
        gv_error_set(&reason, "%s", gv_generation_failure(coming));
        fail(master, reason.text);
    } else if (gv_generation_is_ready(coming)) {
        commit(master);
    }
}

void gv_reload_cancel(gv_master *master)
{
    gv_reload *reload = &master->reload;

    reload->again = false;
    gv_check_cancel(&reload->check);
    if (reload->coming != NULL)
        discard(master);
    gv_callers_dismiss(&reload->callers, "failed", stopping);
    gv_callers_dismiss(&reload->next, "failed", stopping);
}
