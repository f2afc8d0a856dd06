#include "base/pace.h"

#include "harness.h"

enum { START = 5000, TIMEOUT = 2000, RATE = 100 };

static const gv_pace_rule rule = {TIMEOUT, RATE};
static const gv_pace_rule patient = {60 * 1000, RATE};

/* When a peer that sends `bytes` every `step` milliseconds from START on is over its
 * time, or -1 where it is not before `end`; both from START. */
static int64_t over_at(const gv_pace_rule *by, uint64_t bytes, int64_t step,
                       int64_t end)
{
    gv_pace pace;

    gv_pace_begin(&pace, by, START);
    for (int64_t at = 1; at < end; at++) {
        if (gv_pace_is_over(&pace, by, START + at))
            return at;
        if (at % step == 0)
            gv_pace_add(&pace, by, bytes, START + at);
    }
    return -1;
}

TEST(one_that_sends_nothing_has_the_timeout)
{
    CHECK_INT(over_at(&rule, 0, 1, 60000), TIMEOUT);
}

TEST(one_byte_at_a_time_gains_what_a_byte_is_worth)
{
    CHECK_INT(over_at(&rule, 1, 1000, 60000), TIMEOUT + 20);
}

TEST(one_that_is_above_the_rate_goes_on)
{
    CHECK_INT(over_at(&rule, RATE / 10 + 1, 100, 120000), -1);
    CHECK_INT(over_at(&patient, RATE / 10 + 1, 100, 120000), -1);
}

TEST(a_good_start_is_no_credit_beyond_the_timeout)
{
    gv_pace pace;

    gv_pace_begin(&pace, &rule, START);
    gv_pace_add(&pace, &rule, UINT64_C(1) << 60, START + 10);
    CHECK(!gv_pace_is_over(&pace, &rule, START + 10 + TIMEOUT - 1));
    CHECK(gv_pace_is_over(&pace, &rule, START + 10 + TIMEOUT));
}

TEST(after_the_grace_the_average_must_reach_the_rate)
{
    CHECK_INT(over_at(&patient, RATE / 2, 1000, 60000), GV_PACE_GRACE_MS);
    CHECK_INT(over_at(&patient, 0, 1000, 60000), GV_PACE_GRACE_MS);
}

TEST(without_a_rate_the_timeout_holds_for_the_whole)
{
    const gv_pace_rule whole = {TIMEOUT, 0};

    CHECK_INT(over_at(&whole, 1000000, 1, 60000), TIMEOUT);
}

TEST(without_a_timeout_the_rate_holds)
{
    const gv_pace_rule rate = {0, RATE};

    CHECK_INT(over_at(&rate, 0, 1000, 60000), GV_PACE_GRACE_MS);
    CHECK_INT(over_at(&rate, RATE * 2, 1000, 60000), -1);
}

TEST(without_either_nobody_is_late)
{
    const gv_pace_rule none = {0, 0};

    CHECK_INT(over_at(&none, 0, 1000, 60000), -1);
    CHECK_INT(gv_pace_interval(&none), 0);
}

TEST(looks_are_several_a_timeout)
{
    CHECK_INT(gv_pace_interval(&rule), TIMEOUT / 4);
    CHECK_INT(gv_pace_interval(&patient), GV_PACE_GRACE_MS / 4);
    CHECK_INT(gv_pace_interval(&(gv_pace_rule){2, 0}), 1);
}
