#include "http/mime.h"

#include "base/mem.h"
#include "http/mime_types.h"

#include <stdlib.h>

typedef struct media_type {
    gv_slice ending; /* lower case, without its dot */
    gv_slice type;
} media_type;

#define ENTRY(ending, type) {{ending, sizeof(ending) - 1}, {type, sizeof(type) - 1}},

static const media_type types[] = {GV_MIME_TYPES(ENTRY)};

static int compare(const void *key, const void *element)
{
    const gv_slice *ending = key;
    const gv_slice *other = &((const media_type *)element)->ending;
    size_t shorter = ending->len < other->len ? ending->len : other->len;
    int order = strncasecmp(ending->at, other->at, shorter);

    return order != 0 ? order : (ending->len > other->len) - (ending->len < other->len);
}

/* Without the folders that it lies in. */
static gv_slice base_of(gv_slice path)
{
    const char *slash = memrchr(path.at, '/', path.len);

    return slash != NULL ? gv_slice_from(path, (size_t)(slash - path.at) + 1) : path;
}

gv_slice gv_mime_type(gv_slice file_name)
{
    gv_slice base = base_of(file_name);
    const char *dot = memrchr(base.at, '.', base.len);
    const media_type *found = NULL;

    if (dot != NULL && dot > base.at) {
        gv_slice ending = gv_slice_from(base, (size_t)(dot - base.at) + 1);

        found = bsearch(&ending, types, sizeof(types) / sizeof(types[0]),
                        sizeof(types[0]), compare);
    }
    return found != NULL ? found->type : GV_SLICE("application/octet-stream");
}

/* ---- types of a user's own ---- */

struct gv_mime_map {
    media_type *at; /* longest ending first; texts owned */
    size_t count;
};

gv_mime_map *gv_mime_map_new(void)
{
    return gv_calloc(1, sizeof(gv_mime_map));
}

void gv_mime_map_free(gv_mime_map *map)
{
    for (size_t i = 0; i < map->count; i++) {
        free((char *)map->at[i].ending.at);
        free((char *)map->at[i].type.at);
    }
    free(map->at);
    free(map);
}

void gv_mime_map_add(gv_mime_map *map, gv_slice ending, gv_slice type)
{
    size_t place = 0;

    while (place < map->count && map->at[place].ending.len >= ending.len)
        place++;
    map->at = gv_realloc(map->at, (map->count + 1) * sizeof(*map->at));
    memmove(map->at + place + 1, map->at + place,
            (map->count - place) * sizeof(*map->at));
    map->count++;
    map->at[place] = (media_type){{gv_strndup(ending.at, ending.len), ending.len},
                                  {gv_strndup(type.at, type.len), type.len}};
}

/* The ending has its dot here, which something must stand before. */
static bool has_ending(gv_slice base, gv_slice ending)
{
    return base.len > ending.len &&
           gv_slice_equal_nocase(gv_slice_from(base, base.len - ending.len), ending);
}

gv_slice gv_mime_map_type(const gv_mime_map *map, gv_slice file_name)
{
    gv_slice base = base_of(file_name);

    for (size_t i = 0; map != NULL && i < map->count; i++)
        if (has_ending(base, map->at[i].ending))
            return map->at[i].type;
    return gv_mime_type(file_name);
}
