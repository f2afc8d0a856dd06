/* Which requests workers died of, so that one that kills again and again is named. */
#ifndef GV_DAEMON_DEATHS_H
#define GV_DAEMON_DEATHS_H

#include "base/scoreboard.h"

/* A worker died while it was running this; logs what has become a habit. */
void gv_deaths_note(const gv_running *running);

#endif
