#include "base/pace.h"

enum { LOOKS = 4, SECOND_MS = 1000, MILLISECOND_US = 1000 };

#define SECOND_US UINT64_C(1000000)

void gv_pace_begin(gv_pace *pace, const gv_pace_rule *rule, int64_t now_ms)
{
    *pace = (gv_pace){.begun_ms = now_ms,
                      .seen_ms = now_ms,
                      .left_us = rule->timeout_ms * MILLISECOND_US};
}

/* What is left of the time at `now_ms`, in microseconds; below zero when it is over. */
static int64_t left_at(const gv_pace *pace, int64_t now_ms)
{
    return pace->left_us - (now_ms - pace->seen_ms) * MILLISECOND_US;
}

/* The time that `bytes` are worth, `most` at the most. */
static int64_t worth_us(const gv_pace_rule *rule, uint64_t bytes, int64_t most)
{
    uint64_t seconds;

    if (rule->min_rate == 0)
        return 0;
    seconds = bytes / rule->min_rate;
    if (seconds > (uint64_t)most / SECOND_US)
        return most;
    return (int64_t)(seconds * SECOND_US +
                     bytes % rule->min_rate * SECOND_US / rule->min_rate);
}

void gv_pace_add(gv_pace *pace, const gv_pace_rule *rule, uint64_t bytes,
                 int64_t now_ms)
{
    int64_t most = rule->timeout_ms * MILLISECOND_US;
    int64_t left = left_at(pace, now_ms) + worth_us(rule, bytes, most);

    pace->left_us = left < most ? left : most;
    pace->seen_ms = now_ms;
    pace->bytes += bytes;
}

static bool is_slow(const gv_pace *pace, const gv_pace_rule *rule, int64_t now_ms)
{
    int64_t taken_ms = now_ms - pace->begun_ms;

    return taken_ms >= GV_PACE_GRACE_MS &&
           pace->bytes / rule->min_rate < (uint64_t)taken_ms / SECOND_MS;
}

bool gv_pace_is_over(const gv_pace *pace, const gv_pace_rule *rule, int64_t now_ms)
{
    if (rule->timeout_ms > 0 && left_at(pace, now_ms) <= 0)
        return true;
    return rule->min_rate > 0 && is_slow(pace, rule, now_ms);
}

int64_t gv_pace_interval(const gv_pace_rule *rule)
{
    int64_t shortest = rule->min_rate > 0 ? GV_PACE_GRACE_MS : 0;

    if (rule->timeout_ms > 0 && (shortest == 0 || rule->timeout_ms < shortest))
        shortest = rule->timeout_ms;
    return shortest > 0 && shortest < LOOKS ? 1 : shortest / LOOKS;
}
