#include "net/deadline.h"

#include <stddef.h>

void gv_deadlines_init(gv_deadlines *list, int64_t length_ms)
{
    list->ends.prev = list->ends.next = &list->ends;
    list->length_ms = length_ms;
}

void gv_deadline_clear(gv_deadline *deadline)
{
    if (deadline->next == NULL)
        return;
    deadline->prev->next = deadline->next;
    deadline->next->prev = deadline->prev;
    deadline->prev = deadline->next = NULL;
}

void gv_deadline_set(gv_deadlines *list, gv_deadline *deadline, int64_t now)
{
    gv_deadline_clear(deadline);
    if (list->length_ms == 0)
        return;
    deadline->at = now + list->length_ms;
    deadline->prev = list->ends.prev;
    deadline->next = &list->ends;
    deadline->prev->next = deadline->next->prev = deadline;
}

gv_deadline *gv_deadlines_due(gv_deadlines *list, int64_t now)
{
    gv_deadline *first = list->ends.next;

    return first != &list->ends && first->at <= now ? first : NULL;
}
