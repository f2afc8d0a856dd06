/* A new guavad in the place of this one: the executable is started anew, inherits the
 * sockets, and this one drains once the new one serves.  Until then this one serves on,
 * and if the new one fails nothing has changed.  See daemon/handover.h for what they
 * say to each other. */
#ifndef GV_DAEMON_UPGRADE_H
#define GV_DAEMON_UPGRADE_H

#include "daemon/callers.h"
#include "daemon/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct gv_master;

typedef struct gv_upgrade {
    pid_t pid;      /* of the new guavad; 0: no upgrade is under way */
    int channel;    /* to it; -1 */
    int64_t due_ms; /* when it must have said something */
    gv_callers callers;
    gv_error reason;   /* why it fails, as it says itself */
    gv_error text;     /* what it serves */
    char *pidfile;     /* what we have let go of for it; NULL: nothing */
    bool wants_reload; /* somebody sent HUP meanwhile */
} gv_upgrade;

#define GV_UPGRADE_IDLE ((gv_upgrade){.channel = -1})

/* To be called once, first: how to start guavad again. */
void gv_upgrade_set_command(char **argv);

/* Begins, unless something stands in the way; `caller` (0: nobody) is told how it goes. */
void gv_upgrade_ask(struct gv_master *master, pid_t caller);

/* During an upgrade, keeps a reload for whoever serves after it. */
bool gv_upgrade_postpones_reload(struct gv_master *master, pid_t caller);

/* Hears the new guavad, and gives it up when its time is over. */
void gv_upgrade_advance(struct gv_master *master);

/* The new guavad was waited for and ended with `status`. */
void gv_upgrade_exited(struct gv_master *master, int status);

/* Ends the new guavad, because this one is to stop. */
void gv_upgrade_cancel(struct gv_master *master);

#endif
