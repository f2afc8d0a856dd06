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
    deadline->at = list->length_ms > 0 ? now + list->length_ms : INT64_MAX;
    deadline->prev = list->ends.prev;
    deadline->next = &list->ends;
    deadline->prev->next = deadline->next->prev = deadline;
}

gv_deadline *gv_deadlines_first(gv_deadlines *list)
{
    return gv_deadlines_next(list, &list->ends);
}

gv_deadline *gv_deadlines_next(gv_deadlines *list, gv_deadline *deadline)
{
    return deadline->next != &list->ends ? deadline->next : NULL;
}

gv_deadline *gv_deadlines_due(gv_deadlines *list, int64_t now)
{
    gv_deadline *first = gv_deadlines_first(list);

    return first != NULL && first->at <= now ? first : NULL;
}
