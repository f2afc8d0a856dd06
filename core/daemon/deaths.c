#include "daemon/deaths.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdbool.h>
#include <string.h>

enum { REMEMBERED = 16, WITHIN_MINUTES = 10, HABIT = 3 };

typedef struct death {
    int64_t at_ms; /* 0: none */
    char method[GV_SLOT_METHOD];
    char path[GV_SLOT_PATH]; /* without a query */
} death;

static death deaths[REMEMBERED]; /* the latest ones, in a ring */
static unsigned noted;

static void fill(death *out, const gv_running *running)
{
    size_t len = strcspn(running->path, "?");

    *out = (death){.at_ms = gv_clock_monotonic_ms()};
    memcpy(out->method, running->method, sizeof(out->method));
    memcpy(out->path, running->path, len);
}

/* How long the path is up to its last slash, with it: what the requests of one action
 * have in common that differ in the last argument. */
static size_t stem_of(const death *it)
{
    return (size_t)(strrchr(it->path, '/') + 1 - it->path);
}

static bool has_stem(const death *it, const char *path, size_t stem)
{
    return strncmp(it->path, path, stem) == 0 && strchr(it->path + stem, '/') == NULL;
}

/* How many died of the same path lately, or, with `stem`, of one beside it. */
static unsigned count_like(const death *last, size_t stem)
{
    int64_t since = last->at_ms - WITHIN_MINUTES * 60000;
    unsigned count = 0;

    for (int i = 0; i < REMEMBERED; i++) {
        const death *it = &deaths[i];

        if (it->at_ms == 0 || it->at_ms < since ||
            strcmp(it->method, last->method) != 0)
            continue;
        count += stem > 0 ? has_stem(it, last->path, stem)
                          : strcmp(it->path, last->path) == 0;
    }
    return count;
}

void gv_deaths_note(const gv_running *running)
{
    death *last = &deaths[noted++ % REMEMBERED];
    unsigned count;
    size_t stem;

    fill(last, running);
    count = count_like(last, 0);
    if (count >= HABIT) {
        gv_log(GV_ERROR, "%s %s has killed %u workers within %d minutes", last->method,
               last->path, count, WITHIN_MINUTES);
        return;
    }
    stem = last->path[0] == '/' ? stem_of(last) : 0;
    count = stem > 1 ? count_like(last, stem) : 0;
    if (count >= HABIT)
        gv_log(GV_ERROR, "%s %.*s* has killed %u workers within %d minutes",
               last->method, (int)stem, last->path, count, WITHIN_MINUTES);
}
