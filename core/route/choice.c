#include "route/choice.h"

#include "base/mem.h"

#include <stdlib.h>

/* Takes `methods` from those at `*at` and behind; the place behind the last one. */
static gv_choice **take_methods(gv_choice **at, gv_method_set methods)
{
    while (*at != NULL) {
        gv_choice *each = *at;

        each->action.methods &= ~methods;
        if (each->action.methods != 0) {
            at = &each->next;
        } else {
            *at = each->next;
            free(each);
        }
    }
    return at;
}

gv_choice *gv_choice_add(gv_choice *first, gv_action action)
{
    gv_choice *added = gv_malloc(sizeof(*added));

    action.methods = gv_method_set_complete(action.methods);
    *added = (gv_choice){.action = action};
    *take_methods(&first, action.methods) = added;
    return first;
}

void gv_choice_free(void *first)
{
    for (gv_choice *each = first, *next; each != NULL; each = next) {
        next = each->next;
        free(each);
    }
}
