/* How long things take, counted in buckets that are a quarter of their size apart: any
 * percentile is known to within a fifth, from 1 us to two minutes. */
#ifndef GV_BASE_LATENCY_H
#define GV_BASE_LATENCY_H

#include <stdint.h>

enum {
    GV_LATENCY_STEPS = 4, /* buckets from one power of two to the next */
    GV_LATENCY_LAST_POWER = 26,
    GV_LATENCIES = GV_LATENCY_STEPS * GV_LATENCY_LAST_POWER
};

/* The bucket that counts `us` microseconds; the last one takes all that are longer. */
static inline unsigned gv_latency_bucket(uint64_t us)
{
    unsigned power;

    if (us < GV_LATENCY_STEPS)
        return (unsigned)us;
    power = 63u - (unsigned)__builtin_clzll(us);
    if (power > GV_LATENCY_LAST_POWER)
        return GV_LATENCIES - 1;
    return GV_LATENCY_STEPS * (power - 1) + (us >> (power - 2) & 3);
}

/* Where a bucket begins, in microseconds; where the next begins, it ends.  That of
 * GV_LATENCIES is the end of the last, had it one. */
static inline uint64_t gv_latency_start(unsigned bucket)
{
    if (bucket < GV_LATENCY_STEPS)
        return bucket;
    return (uint64_t)(GV_LATENCY_STEPS + bucket % GV_LATENCY_STEPS)
           << (bucket / GV_LATENCY_STEPS - 1);
}

/* The bucket that begins at 2^power microseconds; `power` from 2. */
static inline unsigned gv_latency_bucket_of_power(unsigned power)
{
    return GV_LATENCY_STEPS * (power - 1);
}

#endif
