#include "route/table.h"

#include "base/mem.h"
#include "route/choice.h"
#include "route/map.h"

#include <stdlib.h>

struct gv_table {
    gv_map routes;
};

gv_table *gv_table_new(void)
{
    return gv_calloc(1, sizeof(gv_table));
}

void gv_table_free(gv_table *table)
{
    gv_map_dispose(&table->routes, gv_choice_free);
    free(table);
}

void gv_table_add(gv_table *table, gv_slice path, gv_action action)
{
    void **place = gv_map_put(&table->routes, path);

    *place = gv_choice_add(*place, action);
}

int gv_table_match(const gv_table *table, gv_slice path, gv_method method,
                   gv_match *match)
{
    return gv_choice_match(gv_map_get(&table->routes, path), method, match);
}
