/* /module/action/args...: modules, their actions, and the rest as arguments.
 *
 *     /              index   index
 *     /post          post    index
 *     /post/new      post    new
 *     /post/view/10  post    view    "10" */
#ifndef GV_ROUTE_MVC_H
#define GV_ROUTE_MVC_H

#include "route/match.h"

typedef struct gv_mvc gv_mvc;

gv_mvc *gv_mvc_new(void);
void gv_mvc_free(gv_mvc *mvc);

/* Has `name` of `module` answered by `action`, for its methods in place of what answered
 * them before.  "index" also answers where its name is left out of the path. */
void gv_mvc_add(gv_mvc *mvc, gv_slice module, gv_slice name, gv_action action);

/* `rest`: the path behind the mount point.  GV_OK, GV_DECLINED, or GV_BAD_METHOD where
 * there are actions for it, but none for `method`. */
int gv_mvc_match(const gv_mvc *mvc, gv_slice rest, gv_method method, gv_match *match);

#endif
