#include "route/mvc.h"

#include "base/buf.h"
#include "base/mem.h"
#include "route/choice.h"
#include "route/map.h"
#include "route/segment.h"

#include <stdlib.h>

/* Keys are what the path begins with, "post/view", so that one look-up finds the
 * actions; an index is also there as "post", the index's index as "". */
struct gv_mvc {
    gv_map actions;
};

gv_mvc *gv_mvc_new(void)
{
    return gv_calloc(1, sizeof(gv_mvc));
}

void gv_mvc_free(gv_mvc *mvc)
{
    gv_map_dispose(&mvc->actions, gv_choice_free);
    free(mvc);
}

static void put(gv_mvc *mvc, gv_slice key, gv_action action)
{
    void **place = gv_map_put(&mvc->actions, key);

    *place = gv_choice_add(*place, action);
}

void gv_mvc_add(gv_mvc *mvc, gv_slice module, gv_slice name, gv_action action)
{
    const gv_slice index = GV_SLICE("index");
    gv_buf key = {0};

    gv_buf_append_slice(&key, module);
    gv_buf_append_literal(&key, "/");
    gv_buf_append_slice(&key, name);
    put(mvc, gv_buf_slice(&key), action);
    gv_buf_dispose(&key);
    if (!gv_slice_equal(name, index))
        return;
    put(mvc, module, action);
    if (gv_slice_equal(module, index))
        put(mvc, GV_SLICE(""), action);
}

/* Takes the key, at most two segments, off `rest`. */
static bool take_key(gv_slice *rest, gv_slice *key)
{
    *key = (gv_slice){rest->at, 0};
    for (int depth = 0; depth < 2 && rest->len > 0; depth++) {
        gv_slice segment;

        if (!gv_segment_take(rest, &segment))
            return false;
        key->len = (size_t)(segment.at - key->at) + segment.len;
    }
    return true;
}

static bool take_args(gv_slice rest, gv_match *match)
{
    while (rest.len > 0) {
        gv_slice arg;

        if (!gv_segment_take(&rest, &arg) || !gv_match_add_arg(match, arg))
            return false;
    }
    return true;
}

int gv_mvc_match(const gv_mvc *mvc, gv_slice rest, gv_method method, gv_match *match)
{
    const gv_choice *choice;
    gv_slice key;

    if (!take_key(&rest, &key))
        return GV_DECLINED;
    choice = gv_map_get(&mvc->actions, key);
    if (choice == NULL || !take_args(rest, match))
        return GV_DECLINED;
    return gv_choice_match(choice, method, match);
}
