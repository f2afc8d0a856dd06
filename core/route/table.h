/* Exact paths. */
#ifndef GV_ROUTE_TABLE_H
#define GV_ROUTE_TABLE_H

#include "route/match.h"

typedef struct gv_table gv_table;

gv_table *gv_table_new(void);
void gv_table_free(gv_table *table);

/* `path` begins with '/', below the mount point ("/about"), and is exact; for the
 * methods of `action`, in place of what answered them before. */
void gv_table_add(gv_table *table, gv_slice path, gv_action action);

/* `path`: what follows the mount point, with its last slash.  GV_OK, GV_DECLINED or
 * GV_BAD_METHOD. */
int gv_table_match(const gv_table *table, gv_slice path, gv_method method,
                   gv_match *match);

#endif
