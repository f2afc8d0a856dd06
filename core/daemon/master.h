/* The master: it owns the sockets, the generations and the pidfile, hears signals
 * and workers, and never runs Python. */
#ifndef GV_DAEMON_MASTER_H
#define GV_DAEMON_MASTER_H

#include "daemon/generation.h"
#include "daemon/pidfile.h"
#include "daemon/reload.h"
#include "daemon/slots.h"
#include "daemon/sockets.h"
#include "daemon/status.h"
#include "daemon/upgrade.h"

typedef enum gv_stopping {
    GV_STOPPING_NOT,
    GV_STOPPING_GRACEFULLY,
    GV_STOPPING_FAST
} gv_stopping;

typedef struct gv_master {
    const char *config; /* absolute path */
    int signals;        /* a signalfd */
    gv_sockets sockets;
    gv_slots slots;
    gv_pidfile pidfile;
    gv_generation *generations; /* all that still have a process, newest first */
    gv_generation *serving;     /* one of them; NULL until the first is ready */
    unsigned last_number;
    gv_settings previous;     /* of the generation that served before */
    unsigned previous_number; /* 0: there was none */
    gv_reload reload;
    gv_status status;
    int64_t started_wall_ms;
    gv_upgrade upgrade;
    gv_stopping stopping;
    int exit_status;
} gv_master;

/* Serves until a signal or a failed start ends it.  Takes `settings` over; `config`
 * is an absolute path, read again at every reload.  The exit status. */
int gv_master_run(const char *config, gv_settings *settings);

/* What signals do; `caller` waits for the outcome (0: nobody). */
void gv_master_quit(gv_master *master, pid_t caller);
void gv_master_stop(gv_master *master, pid_t caller);
void gv_master_terminate(gv_master *master, pid_t caller);
void gv_master_reopen_logs(gv_master *master, pid_t caller);
void gv_master_grow(gv_master *master, pid_t caller);
void gv_master_shrink(gv_master *master, pid_t caller);
void gv_master_reap(gv_master *master, pid_t caller);

/* For gv_reload: `generation` is ready, the one before it drains. */
void gv_master_serve(gv_master *master, gv_generation *generation);

/* For gv_reload: there is no first generation; everything ends. */
void gv_master_fail(gv_master *master, const char *reason);

/* For gv_upgrade: another guavad serves in our place; we end when our clients have. */
void gv_master_retire(struct gv_master *master);

/* Our own lines go to the error log of `generation` from now on. */
void gv_master_use_log(const gv_generation *generation);

#endif
