#include "base/share.h"

enum {
    STALE_MS = 1500,   /* several ticks of a loop */
    HELD_UP_MS = 5,    /* longer than requests take that nobody notices */
    OVER_PERCENT = 10, /* a share is the mean, so much more, */
    SLACK = 2          /* and this */
};

static uint32_t connections_of(const gv_slot *slot)
{
    return atomic_load_explicit(&slot->connections, memory_order_relaxed);
}

static bool is_held_up(const gv_slot *slot, int64_t now_ms)
{
    int64_t since = gv_slot_running_since(slot);

    return since > 0 && now_ms - since > HELD_UP_MS;
}

static bool can_take(const gv_slot *slot, const gv_slot *own, int64_t now_ms)
{
    return atomic_load_explicit(&slot->state, memory_order_relaxed) == GV_SLOT_READY &&
           atomic_load_explicit(&slot->generation, memory_order_relaxed) ==
               atomic_load_explicit(&own->generation, memory_order_relaxed) &&
           now_ms - atomic_load_explicit(&slot->heartbeat_ms, memory_order_relaxed) <
               STALE_MS &&
           !is_held_up(slot, now_ms);
}

int gv_share_next(const gv_scoreboard *board, const gv_slot *own, int64_t now_ms)
{
    uint32_t used = atomic_load_explicit(&board->used, memory_order_relaxed);
    uint64_t held = connections_of(own), sum = held, fewest = UINT64_MAX, count = 1;
    int sibling = GV_SHARE_OWN;

    for (uint32_t i = 0; i < used && i < board->slot_count; i++) {
        const gv_slot *slot = &board->slots[i];

        if (slot == own || !can_take(slot, own, now_ms))
            continue;
        sum += connections_of(slot);
        count++;
        if (connections_of(slot) < fewest) {
            fewest = connections_of(slot);
            sibling = (int)i;
        }
    }
    if (held * count * 100 <= sum * (100 + OVER_PERCENT) + SLACK * count * 100)
        return GV_SHARE_OWN;
    return sibling;
}
