/* What a path led to. */
#ifndef GV_ROUTE_MATCH_H
#define GV_ROUTE_MATCH_H

#include "base/result.h"
#include "base/slice.h"
#include "http/method.h"

enum { GV_ARGS_MAX = 16 }; /* path segments taken as arguments; more: not found */

/* An application's answerer: what the route layer must know of it. */
typedef struct gv_action {
    int min_args;
    int max_args;          /* -1: any number up to GV_ARGS_MAX */
    void *target;          /* opaque here; borrowed from whoever built the router */
    gv_method_set methods; /* that it answers; none: all */
} gv_action;

static inline bool gv_action_takes(const gv_action *action, int arg_count)
{
    return arg_count >= action->min_args &&
           (action->max_args < 0 || arg_count <= action->max_args);
}

typedef enum gv_mount_kind {
    GV_MOUNT_STATIC,
    GV_MOUNT_MVC,
    GV_MOUNT_REST,
    GV_MOUNT_TABLE,
    GV_MOUNT_DYNAMIC /* whatever its target finds: Python routers, bare callables */
} gv_mount_kind;

/* Filled by gv_router_match(); `args` only up to `arg_count`. */
typedef struct gv_match {
    gv_mount_kind kind;
    int number;              /* the mount's, in the order of mounting, from 0 */
    const gv_action *action; /* MVC, REST and TABLE */
    void *target;            /* STATIC, DYNAMIC: the mount's own */
    gv_slice rest;           /* STATIC, DYNAMIC: the path behind the mount point */
    int arg_count;
    gv_method_set allow; /* of GV_BAD_METHOD; collected over all that declined */
    bool add_slash;      /* nobody took it, but it is a mount point less its slash */
    const void *mount;   /* who answers; NULL: nobody */
    void *around;        /* what the application keeps for it; where nobody answers, for
                          * the first that refused the method: borrowed, or NULL */
    void *refusing;      /* the latter, so far */
    const void *resume;  /* where gv_router_next() goes on */
    gv_slice args[GV_ARGS_MAX];
} gv_match;

/* False where there are GV_ARGS_MAX already. */
static inline bool gv_match_add_arg(gv_match *match, gv_slice arg)
{
    if (match->arg_count == GV_ARGS_MAX)
        return false;
    match->args[match->arg_count++] = arg;
    return true;
}

/* Ends a resource's part in matching that exists and does not take the method.  It
 * can be asked what it takes, so OPTIONS is always allowed. */
static inline int gv_match_bad_method(gv_match *match, gv_method_set allow)
{
    match->allow |= allow | GV_METHOD_BIT(GV_OPTIONS);
    return GV_BAD_METHOD;
}

#endif
