/* Time, in milliseconds. */
#ifndef GV_BASE_CLOCK_H
#define GV_BASE_CLOCK_H

#include <stdint.h>

/* Since some fixed point; never jumps.  The same in all processes. */
int64_t gv_clock_monotonic_ms(void);
int64_t gv_clock_monotonic_ns(void);

/* Since 1970-01-01 UTC. */
int64_t gv_clock_wall_ms(void);

#endif
