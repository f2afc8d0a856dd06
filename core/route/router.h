/* The mount tree: from a decoded path to what answers it.
 *
 * Mount points are asked longest first, in order of mounting among equals.  One that
 * has nothing for the path declines, and the next shorter one is asked; a resource
 * that exists but not for the method settles it (405), unless a later one takes it.
 * Matching allocates nothing; a router is built once and then only read. */
#ifndef GV_ROUTE_ROUTER_H
#define GV_ROUTE_ROUTER_H

#include "http/error_pages.h"
#include "route/match.h"
#include "route/mvc.h"
#include "route/rest.h"
#include "route/table.h"

typedef struct gv_router gv_router;

gv_router *gv_router_new(void);
void gv_router_free(gv_router *router); /* with its mounts */

/* `mount_point` begins and ends with '/'; copied.  `target` is what matches carry. */
void gv_router_mount_static(gv_router *router, gv_slice mount_point, void *target);
void gv_router_mount_dynamic(gv_router *router, gv_slice mount_point, void *target);

/* Empty ones, owned by the router. */
gv_mvc *gv_router_mount_mvc(gv_router *router, gv_slice mount_point);
gv_rest *gv_router_mount_rest(gv_router *router, gv_slice mount_point);
gv_table *gv_router_mount_table(gv_router *router, gv_slice mount_point);

/* The error pages of the mount that was made last: borrowed. */
void gv_router_set_error_pages(gv_router *router, const gv_error_pages *pages);

/* Those of all paths, asked behind those of the mounts: borrowed. */
void gv_router_set_error_pages_of_all(gv_router *router, const gv_error_pages *pages);

/* What the application keeps for the mount that was made last, for matches to carry:
 * borrowed. */
void gv_router_set_around(gv_router *router, void *around);

/* Who answers `path` (decoded, see http/path.h).  GV_OK; GV_BAD_METHOD with
 * `match->allow`; GV_DECLINED: 404, or a redirect to the path with a slash where
 * match->add_slash.  Slices in `match` point into `path`.
 * OPTIONS on MVC, REST and TABLE routes that do not handle it themselves is
 * GV_BAD_METHOD, with OPTIONS in `allow`: the caller answers it with 204. */
int gv_router_match(const gv_router *router, gv_slice path, gv_method method,
                    gv_match *match);

/* Goes on behind a match that was declined after all (a file that is not there, a
 * route() that returned None).  As gv_router_match(). */
int gv_router_next(const gv_router *router, gv_slice path, gv_method method,
                   gv_match *match);

/* The page for an error of `path` (maybe empty): of the first that has one among the mount
 * that answers (a match's, or NULL), those that are asked behind it, and all paths; NULL
 * where none has. */
const gv_own_page *gv_router_error_page(const gv_router *router, gv_slice path,
                                        const void *answering, int status);

#endif
