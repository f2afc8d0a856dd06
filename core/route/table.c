#include "route/table.h"

#include "base/mem.h"
#include "route/map.h"

#include <stdlib.h>

typedef struct route {
    gv_method_set methods;
    gv_action action;
} route;

struct gv_table {
    gv_map routes;
};

gv_table *gv_table_new(void)
{
    return gv_calloc(1, sizeof(gv_table));
}

void gv_table_free(gv_table *table)
{
    gv_map_dispose(&table->routes, free);
    free(table);
}

/* `methods` with those that it implies. */
static gv_method_set complete(gv_method_set methods)
{
    if (methods == 0)
        return GV_METHOD_BIT(GV_METHOD_COUNT) - 1;
    if (methods & GV_METHOD_BIT(GV_GET))
        methods |= GV_METHOD_BIT(GV_HEAD);
    return methods;
}

void gv_table_add(gv_table *table, gv_slice path, gv_method_set methods,
                  gv_action action)
{
    void **place = gv_map_put(&table->routes, path);

    if (*place == NULL)
        *place = gv_malloc(sizeof(route));
    *(route *)*place = (route){.methods = complete(methods), .action = action};
}

int gv_table_match(const gv_table *table, gv_slice path, gv_method method,
                   gv_match *match)
{
    const route *found = gv_map_get(&table->routes, path);

    if (found == NULL || !gv_action_takes(&found->action, 0))
        return GV_DECLINED;
    if ((found->methods & GV_METHOD_BIT(method)) == 0)
        return gv_match_bad_method(match, found->methods);
    match->action = &found->action;
    return GV_OK;
}
