/* The way to the next generation: check, new generation, ready, drain the old one.
 * The first start goes the same way, with nothing to fall back to. */
#ifndef GV_DAEMON_RELOAD_H
#define GV_DAEMON_RELOAD_H

#include "daemon/callers.h"
#include "daemon/check.h"
#include "daemon/generation.h"
#include "daemon/pidfile.h"

struct gv_master;

/* How reloads went. */
typedef struct gv_reload_record {
    uint64_t done, failed;
    bool was_done;   /* the last one */
    int64_t wall_ms; /* when that ended; 0: there was none yet */
    gv_error text;   /* what its callers were told */
} gv_reload_record;

typedef struct gv_reload {
    gv_check check;
    gv_generation *coming; /* NULL, or one of the master's, until it is ready */
    gv_pidfile pidfile;    /* the coming one's, if it is another */
    gv_callers callers;    /* who waits for this one */
    gv_callers next;       /* who asked meanwhile */
    bool again;            /* somebody asked meanwhile */
    bool has_canary;       /* the coming one's first worker is ready */
    gv_reload_record record;
} gv_reload;

#define GV_RELOAD_IDLE ((gv_reload){.check = {.fd = -1}, .pidfile = GV_PIDFILE_NONE})

bool gv_reload_is_under_way(const gv_reload *reload);

/* Begins with a check; a reload that is under way is followed by one more, however
 * often it was asked for.  `caller` (0: nobody) is told how it goes. */
void gv_reload_ask(struct gv_master *master, pid_t caller);

/* The same with the configuration of the generation before, as it was checked then; not
 * while another reload is under way. */
void gv_reload_roll_back(struct gv_master *master, pid_t caller);

/* Begins with settings that are checked already, and takes them over.  GV_FAILED,
 * with the reason, leaves everything as it was. */
int gv_reload_begin(struct gv_master *master, gv_settings *settings, gv_error *error);

/* The check child was waited for and ended with `status`. */
void gv_reload_checked(struct gv_master *master, int status);

/* Takes the next step, if the workers have got that far. */
void gv_reload_advance(struct gv_master *master);

/* Discards whatever is under way, because guavad is to stop. */
void gv_reload_cancel(struct gv_master *master);

#endif
