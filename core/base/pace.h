/* How fast a peer has to be: the time for a whole message, which grows with what has
 * come of it.
 *
 * A peer begins with `timeout_ms`.  Each byte gives it 1/min_rate second more, and never
 * more than `timeout_ms` from now: so neither one byte at a time nor a good start that is
 * followed by nothing holds a connection.  Once GV_PACE_GRACE_MS have passed, the whole
 * must also have come at min_rate on the average. */
#ifndef GV_BASE_PACE_H
#define GV_BASE_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum { GV_PACE_GRACE_MS = 10 * 1000 };

typedef struct gv_pace_rule {
    int64_t timeout_ms; /* 0: none */
    uint64_t min_rate;  /* bytes a second; 0: none, and no byte gives more time */
} gv_pace_rule;

/* One message under way.  Times are on any one clock. */
typedef struct gv_pace {
    int64_t begun_ms;
    int64_t left_us; /* of `timeout_ms`, at `seen_ms` */
    int64_t seen_ms; /* when bytes were last added */
    uint64_t bytes;
} gv_pace;

void gv_pace_begin(gv_pace *pace, const gv_pace_rule *rule, int64_t now_ms);

/* `bytes` more have come by now. */
void gv_pace_add(gv_pace *pace, const gv_pace_rule *rule, uint64_t bytes,
                 int64_t now_ms);

/* Whether the peer's time was over at `now_ms`. */
bool gv_pace_is_over(const gv_pace *pace, const gv_pace_rule *rule, int64_t now_ms);

/* How often to look, in milliseconds, so that the end is noticed in time; 0: never. */
int64_t gv_pace_interval(const gv_pace_rule *rule);

#endif
