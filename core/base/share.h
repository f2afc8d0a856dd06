/* How connections are shared out among the workers of a generation, by what the
 * scoreboard tells of each. */
#ifndef GV_BASE_SHARE_H
#define GV_BASE_SHARE_H

#include "base/scoreboard.h"

enum { GV_SHARE_OWN = -1 };

/* Who is to take the next connection: GV_SHARE_OWN, or, where `own` holds more than its
 * share, the slot of a sibling that holds the fewest.  Only siblings count that can take
 * one now: of the same generation, ready, alive, and not held up by a request. */
int gv_share_next(const gv_scoreboard *board, const gv_slot *own, int64_t now_ms);

#endif
