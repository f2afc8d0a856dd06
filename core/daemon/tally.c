#include "daemon/tally.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 256 /* mount points come and go with reloads */ };

static const char nobody[] = "none", others[] = "other";

void gv_tally_dispose(gv_tally *tally)
{
    for (size_t i = 0; i < tally->row_count; i++)
        free(tally->rows[i].router);
    free(tally->rows);
    *tally = (gv_tally){0};
}

static gv_tally_row *find(const gv_tally *tally, const char *router)
{
    for (size_t i = 0; i < tally->row_count; i++) {
        if (strcmp(tally->rows[i].router, router) == 0)
            return &tally->rows[i];
    }
    return NULL;
}

/* The row of that name; the last one there is room for is the others'. */
static gv_tally_row *row_of(gv_tally *tally, const char *router)
{
    gv_tally_row *row = find(tally, router);

    if (row != NULL)
        return row;
    if (tally->row_count >= ROWS - 1 && router != others)
        return row_of(tally, others);
    tally->rows =
        gv_realloc(tally->rows, (tally->row_count + 1) * sizeof(*tally->rows));
    row = &tally->rows[tally->row_count++];
    *row = (gv_tally_row){.router = gv_strdup(router)};
    return row;
}

static const char *name_of(unsigned index, char *const *names, size_t count)
{
    if (index == GV_SLOT_NO_ROUTER)
        return nobody;
    if (index == GV_SLOT_OTHER_ROUTER || index - GV_SLOT_FIRST_ROUTER >= count)
        return others;
    return names[index - GV_SLOT_FIRST_ROUTER];
}

static void add_answers(gv_tally *tally, const gv_slot *slot, char *const *names,
                        size_t count)
{
    unsigned end = count < GV_SLOT_OTHER_ROUTER - GV_SLOT_FIRST_ROUTER
                       ? GV_SLOT_FIRST_ROUTER + (unsigned)count
                       : GV_SLOT_ROUTERS;

    for (unsigned i = 0; i < end; i++) {
        gv_tally_row *row = row_of(tally, name_of(i, names, count));

        for (unsigned of = 0; of < GV_SLOT_CLASSES; of++)
            row->answers[of] += gv_counter_get(&slot->answers[i][of]);
    }
}

void gv_tally_add_slot(gv_tally *tally, const gv_slot *slot, char *const *names,
                       size_t count)
{
    add_answers(tally, slot, names, count);
    tally->requests += gv_counter_get(&slot->requests);
    tally->accepted += gv_counter_get(&slot->accepted);
    tally->bytes_in += gv_counter_get(&slot->bytes_in);
    tally->bytes_out += gv_counter_get(&slot->bytes_out);
    tally->latency_us += gv_counter_get(&slot->latency_us);
    for (unsigned i = 0; i < GV_LATENCIES; i++)
        tally->latencies[i] += gv_counter_get(&slot->latencies[i]);
}

static void add_ends(gv_tally *tally, const char *cause, uint64_t count)
{
    for (unsigned i = 0; i < GV_TALLY_ENDS; i++) {
        gv_tally_end *end = &tally->ends[i];

        if (end->cause[0] == '\0')
            snprintf(end->cause, sizeof(end->cause), "%s",
                     i == GV_TALLY_ENDS - 1 ? others : cause);
        if (strcmp(end->cause, cause) == 0 || i == GV_TALLY_ENDS - 1) {
            end->count += count;
            return;
        }
    }
}

void gv_tally_add_end(gv_tally *tally, const char *cause)
{
    char fitting[sizeof(tally->ends[0].cause)];

    snprintf(fitting, sizeof(fitting), "%s", cause);
    add_ends(tally, fitting, 1);
}

void gv_tally_add(gv_tally *tally, const gv_tally *more)
{
    for (size_t i = 0; i < more->row_count; i++) {
        gv_tally_row *row = row_of(tally, more->rows[i].router);

        for (unsigned of = 0; of < GV_SLOT_CLASSES; of++)
            row->answers[of] += more->rows[i].answers[of];
    }
    for (unsigned i = 0; i < GV_TALLY_ENDS && more->ends[i].cause[0] != '\0'; i++)
        add_ends(tally, more->ends[i].cause, more->ends[i].count);
    tally->requests += more->requests;
    tally->accepted += more->accepted;
    tally->bytes_in += more->bytes_in;
    tally->bytes_out += more->bytes_out;
    tally->latency_us += more->latency_us;
    for (unsigned i = 0; i < GV_LATENCIES; i++)
        tally->latencies[i] += more->latencies[i];
}

uint64_t gv_tally_answers(const gv_tally *tally, unsigned status_class)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < tally->row_count; i++)
        sum += tally->rows[i].answers[status_class];
    return sum;
}

uint64_t gv_tally_percentile(const gv_tally *tally, double percent)
{
    uint64_t all = 0, seen = 0;
    unsigned bucket = 0;

    for (unsigned i = 0; i < GV_LATENCIES; i++)
        all += tally->latencies[i];
    if (all == 0)
        return 0;
    while (bucket < GV_LATENCIES - 1) {
        seen += tally->latencies[bucket];
        if ((double)seen >= (double)all * percent / 100)
            break;
        bucket++;
    }
    return gv_latency_start(bucket + 1);
}
