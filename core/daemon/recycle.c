#include "daemon/recycle.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

enum { MIB = 1024 * 1024 };

/* `least`, or up to a tenth more. */
static int64_t spread(int64_t least)
{
    uint32_t chance = 0;

    if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) != sizeof(chance))
        chance = 0;
    return least + (int64_t)(chance % (uint64_t)(least / 10 + 1));
}

gv_lifetime gv_lifetime_draw(const gv_settings *settings)
{
    return (gv_lifetime){.requests = (uint64_t)spread(settings->recycle_requests),
                         .memory = settings->recycle_memory,
                         .age_ms = spread(settings->recycle_age_ms)};
}

/* The bytes of its memory that are resident; 0 where that can not be read. */
static int64_t resident(pid_t pid)
{
    char path[32];
    long long total, pages = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%lld %lld", &total, &pages) != 2)
        pages = 0;
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

bool gv_lifetime_is_over(const gv_lifetime *limits, pid_t pid, uint64_t requests,
                         int64_t age_ms, gv_reason *reason)
{
    size_t size = sizeof(reason->text);
    int64_t memory;

    if (limits->requests > 0 && requests >= limits->requests) {
        snprintf(reason->text, size, "has had %" PRIu64 " requests", requests);
        return true;
    }
    if (limits->age_ms > 0 && age_ms >= limits->age_ms) {
        snprintf(reason->text, size, "has served for %" PRId64 " s", age_ms / 1000);
        return true;
    }
    memory = limits->memory > 0 ? resident(pid) : 0;
    if (memory < limits->memory || memory == 0)
        return false;
    snprintf(reason->text, size, "has %" PRId64 " MiB of memory", memory / MIB);
    return true;
}
