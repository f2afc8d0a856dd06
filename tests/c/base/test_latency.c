#include "base/latency.h"

#include "harness.h"

TEST(every_time_lies_in_its_bucket)
{
    for (uint64_t us = 0; us < 70000; us++) {
        unsigned bucket = gv_latency_bucket(us);

        REQUIRE(gv_latency_start(bucket) <= us && us < gv_latency_start(bucket + 1));
    }
}

TEST(a_bucket_is_no_wider_than_a_quarter_of_its_start)
{
    for (unsigned bucket = GV_LATENCY_STEPS; bucket < GV_LATENCIES; bucket++) {
        uint64_t start = gv_latency_start(bucket);

        CHECK_INT(gv_latency_bucket(start), bucket);
        CHECK_INT(gv_latency_bucket(start - 1), bucket - 1);
        CHECK((gv_latency_start(bucket + 1) - start) * 4 <= start);
    }
}

TEST(what_takes_longer_than_all_is_in_the_last)
{
    CHECK_INT(gv_latency_bucket((uint64_t)1 << 27), GV_LATENCIES - 1);
    CHECK_INT(gv_latency_bucket(UINT64_MAX), GV_LATENCIES - 1);
}

TEST(powers_of_two_begin_buckets)
{
    for (unsigned power = 2; power <= GV_LATENCY_LAST_POWER; power++) {
        CHECK_INT(gv_latency_start(gv_latency_bucket_of_power(power)),
                  (uint64_t)1 << power);
    }
}
