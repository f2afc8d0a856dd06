#include "route/rest.h"

#include "base/mem.h"
#include "route/choice.h"
#include "route/map.h"
#include "route/segment.h"

#include <stdlib.h>

struct gv_resource {
    gv_choice *collection, *element;
    gv_map children; /* below each element */
};

struct gv_rest {
    gv_map resources;
};

static const struct {
    bool of_element;
    gv_method_set methods;
} slots[GV_REST_SLOTS] = {
    [GV_REST_GET_ALL] = {false, GV_METHOD_BIT(GV_GET)},
    [GV_REST_CREATE_ONE] = {false, GV_METHOD_BIT(GV_POST)},
    [GV_REST_GET_ONE] = {true, GV_METHOD_BIT(GV_GET)},
    [GV_REST_UPDATE_ONE] = {true, GV_METHOD_BIT(GV_PUT)},
    [GV_REST_PATCH_ONE] = {true, GV_METHOD_BIT(GV_PATCH)},
    [GV_REST_DELETE_ONE] = {true, GV_METHOD_BIT(GV_DELETE)},
};

gv_rest *gv_rest_new(void)
{
    return gv_calloc(1, sizeof(gv_rest));
}

static void free_resource(void *value)
{
    gv_resource *resource = value;

    gv_choice_free(resource->collection);
    gv_choice_free(resource->element);
    gv_map_dispose(&resource->children, free_resource);
    free(resource);
}

void gv_rest_free(gv_rest *rest)
{
    gv_map_dispose(&rest->resources, free_resource);
    free(rest);
}

static gv_resource *resource_in(gv_map *resources, gv_slice name)
{
    void **place = gv_map_put(resources, name);

    if (*place == NULL)
        *place = gv_calloc(1, sizeof(gv_resource));
    return *place;
}

gv_resource *gv_rest_resource(gv_rest *rest, gv_slice name)
{
    return resource_in(&rest->resources, name);
}

gv_resource *gv_resource_child(gv_resource *parent, gv_slice name)
{
    return resource_in(&parent->children, name);
}

void gv_resource_set(gv_resource *resource, gv_rest_slot slot, gv_action action)
{
    gv_choice **choice =
        slots[slot].of_element ? &resource->element : &resource->collection;

    action.methods = slots[slot].methods;
    *choice = gv_choice_add(*choice, action);
}

/* Walks name, element, name, element... to the last resource named, with the
 * elements on the way as arguments.  NULL where a name is unknown. */
static const gv_resource *walk(const gv_rest *rest, gv_slice path, gv_match *match,
                               bool *is_element)
{
    const gv_map *names = &rest->resources;
    const gv_resource *resource = NULL;

    *is_element = true;
    while (path.len > 0) {
        gv_slice segment;

        if (!gv_segment_take(&path, &segment))
            return NULL;
        *is_element = !*is_element;
        if (*is_element) {
            if (!gv_match_add_arg(match, segment))
                return NULL;
            continue;
        }
        resource = gv_map_get(names, segment);
        if (resource == NULL)
            return NULL;
        names = &resource->children;
    }
    return resource;
}

int gv_rest_match(const gv_rest *rest, gv_slice rest_of_path, gv_method method,
                  gv_match *match)
{
    bool is_element;
    const gv_resource *resource = walk(rest, rest_of_path, match, &is_element);

    if (resource == NULL)
        return GV_DECLINED;
    return gv_choice_match(is_element ? resource->element : resource->collection,
                           method, match);
}
