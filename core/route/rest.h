/* Resources: collections, their elements, and the collections below elements.
 *
 *     /users               GET get_all, POST create_one
 *     /users/10            GET get_one, PUT update_one, PATCH patch_one,
 *                          DELETE delete_one; "10"
 *     /users/10/friends    the same of friends; "10"
 *     /users/10/friends/3  "10", "3"
 *
 * HEAD is asked of what answers GET. */
#ifndef GV_ROUTE_REST_H
#define GV_ROUTE_REST_H

#include "route/match.h"

typedef enum gv_rest_slot { /* which action a method asks for */
                            GV_REST_GET_ALL,
                            GV_REST_CREATE_ONE,
                            GV_REST_GET_ONE,
                            GV_REST_UPDATE_ONE,
                            GV_REST_PATCH_ONE,
                            GV_REST_DELETE_ONE,
                            GV_REST_SLOTS
} gv_rest_slot;

typedef struct gv_rest gv_rest;
typedef struct gv_resource gv_resource; /* owned by its gv_rest */

gv_rest *gv_rest_new(void);
void gv_rest_free(gv_rest *rest);

/* The resource called `name` below the mount point, made where it is new. */
gv_resource *gv_rest_resource(gv_rest *rest, gv_slice name);
/* The one called `name` below each element of `parent`. */
gv_resource *gv_resource_child(gv_resource *parent, gv_slice name);
/* Has `slot` answered by `action`, whose methods are the slot's. */
void gv_resource_set(gv_resource *resource, gv_rest_slot slot, gv_action action);

/* `rest_of_path`: what follows the mount point.  GV_OK, GV_DECLINED, or GV_BAD_METHOD
 * where the collection or the elements have actions, but none for `method`. */
int gv_rest_match(const gv_rest *rest, gv_slice rest_of_path, gv_method method,
                  gv_match *match);

#endif
