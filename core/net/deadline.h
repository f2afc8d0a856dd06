/* Time-outs, one list a kind.  All deadlines of a kind are equally long, so a list
 * stays sorted by appending, and setting or clearing one costs a few pointers. */
#ifndef GV_NET_DEADLINE_H
#define GV_NET_DEADLINE_H

#include <stdint.h>

/* Embedded in what waits.  All zero: in no list. */
typedef struct gv_deadline {
    struct gv_deadline *prev, *next;
    int64_t at; /* milliseconds on the loop's clock */
} gv_deadline;

typedef struct gv_deadlines {
    gv_deadline ends;  /* a ring; `ends` itself is no deadline */
    int64_t length_ms; /* 0: these never come, and are listed all the same */
} gv_deadlines;

void gv_deadlines_init(gv_deadlines *list, int64_t length_ms);

/* `deadline` comes length_ms after `now`; it leaves the list it was in. */
void gv_deadline_set(gv_deadlines *list, gv_deadline *deadline, int64_t now);
void gv_deadline_clear(gv_deadline *deadline);

/* The one that was set first of those in the list; NULL for none. */
gv_deadline *gv_deadlines_first(gv_deadlines *list);

/* The one that was set next after `deadline`; NULL for none. */
gv_deadline *gv_deadlines_next(gv_deadlines *list, gv_deadline *deadline);

/* The earliest one whose time has come, still in the list; NULL for none. */
gv_deadline *gv_deadlines_due(gv_deadlines *list, int64_t now);

#endif
