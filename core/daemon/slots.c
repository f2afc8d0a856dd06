#include "daemon/slots.h"

#include "base/mem.h"
#include "base/result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int gv_slots_open(gv_slots *slots, unsigned count, gv_error *error)
{
    slots->board = gv_scoreboard_create(count, &slots->fd);
    if (slots->board == NULL)
        return gv_error_set(error, "can not create the scoreboard: %s",
                            strerror(errno));
    slots->taken = gv_calloc(count, sizeof(bool));
    return GV_OK;
}

void gv_slots_close(gv_slots *slots)
{
    if (slots->board == NULL)
        return;
    gv_scoreboard_unmap(slots->board);
    close(slots->fd);
    free(slots->taken);
    gv_tally_dispose(&slots->gone);
    *slots = (gv_slots){.fd = -1};
}

int gv_slots_take(gv_slots *slots)
{
    for (uint32_t i = 0; i < slots->board->slot_count; i++) {
        if (!slots->taken[i]) {
            slots->taken[i] = true;
            memset(&slots->board->slots[i], 0, sizeof(gv_slot));
            if (i >= slots->board->used)
                slots->board->used = i + 1;
            return (int)i;
        }
    }
    return GV_FAILED;
}

void gv_slots_give(gv_slots *slots, unsigned index)
{
    slots->board->slots[index].state = GV_SLOT_FREE;
    slots->taken[index] = false;
}
