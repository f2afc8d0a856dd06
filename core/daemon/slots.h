/* Which slots of the scoreboard are taken.  A slot is a worker process's from its
 * fork until it has been waited for. */
#ifndef GV_DAEMON_SLOTS_H
#define GV_DAEMON_SLOTS_H

#include "base/scoreboard.h"
#include "daemon/error.h"
#include "daemon/tally.h"

typedef struct gv_slots {
    gv_scoreboard *board;
    int fd; /* for children to map */
    bool *taken;
    gv_tally gone; /* what workers counted that have left */
} gv_slots;

int gv_slots_open(gv_slots *slots, unsigned count, gv_error *error);
void gv_slots_close(gv_slots *slots);

/* The index of a clean slot, or GV_FAILED when all are taken. */
int gv_slots_take(gv_slots *slots);

void gv_slots_give(gv_slots *slots, unsigned index);

#endif
