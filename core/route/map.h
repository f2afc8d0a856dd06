/* A hash table from byte strings to pointers: filled at load, then only read. */
#ifndef GV_ROUTE_MAP_H
#define GV_ROUTE_MAP_H

#include "base/slice.h"

#include <stdint.h>

typedef struct gv_map_entry {
    gv_slice key; /* owned; `at` is NULL where the place is free */
    uint64_t hash;
    void *value;
} gv_map_entry;

/* All zero is a valid empty map that holds no memory. */
typedef struct gv_map {
    gv_map_entry *entries; /* open addressing, at most half full */
    size_t count;
    size_t cap; /* zero or a power of two */
} gv_map;

/* Well mixed, and no secret: keys of a table that grows with them come from whoever
 * runs the server. */
uint64_t gv_map_hash(gv_slice key);

/* The value of `key`, or NULL. */
void *gv_map_get(const gv_map *map, gv_slice key);

/* Where the value of `key` stands, NULL at first; the key is copied.  Valid until
 * the next call of this function. */
void **gv_map_put(gv_map *map, gv_slice key);

/* Frees the keys, the values by `free_value`, and leaves an empty map. */
void gv_map_dispose(gv_map *map, void (*free_value)(void *value));

#endif
