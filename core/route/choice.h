/* The actions that share a path: which of them answers depends on the method, and on
 * how many arguments the path has. */
#ifndef GV_ROUTE_CHOICE_H
#define GV_ROUTE_CHOICE_H

#include "route/match.h"

typedef struct gv_choice {
    gv_action action;
    struct gv_choice *next;
} gv_choice;

/* `first` and those behind it, or NULL, with one more; the result takes its place.
 * `action` answers its methods alone, and HEAD with GET: others lose those, and go
 * where they have none left. */
gv_choice *gv_choice_add(gv_choice *first, gv_action action);

/* A map's free_value: `first` and those behind it. */
void gv_choice_free(void *first);

/* By the arguments that `match` has: GV_OK with match->action; GV_BAD_METHOD where
 * there are actions, but none for `method`; GV_DECLINED. */
static inline int gv_choice_match(const gv_choice *first, gv_method method,
                                  gv_match *match)
{
    gv_method_set allow = 0;

    for (const gv_choice *each = first; each != NULL; each = each->next) {
        if (!gv_action_takes(&each->action, match->arg_count))
            continue;
        if (each->action.methods & GV_METHOD_BIT(method)) {
            match->action = &each->action;
            return GV_OK;
        }
        allow |= each->action.methods;
    }
    return allow != 0 ? gv_match_bad_method(match, allow) : GV_DECLINED;
}

#endif
