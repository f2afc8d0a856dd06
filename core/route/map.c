#include "route/map.h"

#include "base/mem.h"

#include <stdlib.h>

enum { SMALLEST = 16 };

/* An odd number with well mixed bits: 2^64 divided by the golden ratio. */
#define FACTOR UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * FACTOR;
    return hash ^ (hash >> 32);
}

static uint64_t load64(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

static uint64_t load32(const char *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof(word));
    return word;
}

/* Eight bytes at a time; the last read overlaps the one before, so that no tail is
 * taken byte by byte. */
uint64_t gv_map_hash(gv_slice key)
{
    const char *at = key.at;
    size_t len = key.len;
    uint64_t hash = mix(FACTOR, len);

    if (len >= 8) {
        for (size_t i = 0; i + 8 < len; i += 8)
            hash = mix(hash, load64(at + i));
        return mix(hash, load64(at + len - 8));
    }
    if (len >= 4)
        return mix(hash, load32(at) << 32 | load32(at + len - 4));
    if (len > 0)
        return mix(hash, (uint64_t)(unsigned char)at[0] << 16 |
                             (uint64_t)(unsigned char)at[len / 2] << 8 |
                             (unsigned char)at[len - 1]);
    return hash;
}

/* The entry of `key`, or the free one where it would stand. */
static gv_map_entry *find(const gv_map *map, gv_slice key, uint64_t hash)
{
    size_t mask = map->cap - 1;
    size_t i = hash & mask;

    for (;; i = (i + 1) & mask) {
        gv_map_entry *entry = &map->entries[i];

        if (entry->key.at == NULL)
            return entry;
        if (entry->hash == hash && gv_slice_equal(entry->key, key))
            return entry;
    }
}

void *gv_map_get(const gv_map *map, gv_slice key)
{
    if (map->count == 0)
        return NULL;
    return find(map, key, gv_map_hash(key))->value;
}

static void grow(gv_map *map)
{
    gv_map larger = {.cap = map->cap > 0 ? map->cap * 2 : SMALLEST,
                     .count = map->count};

    larger.entries = gv_calloc(larger.cap, sizeof(*larger.entries));
    for (size_t i = 0; i < map->cap; i++) {
        const gv_map_entry *entry = &map->entries[i];

        if (entry->key.at != NULL)
            *find(&larger, entry->key, entry->hash) = *entry;
    }
    free(map->entries);
    *map = larger;
}

void **gv_map_put(gv_map *map, gv_slice key)
{
    uint64_t hash = gv_map_hash(key);
    gv_map_entry *entry;

    if ((map->count + 1) * 2 > map->cap)
        grow(map);
    entry = find(map, key, hash);
    if (entry->key.at == NULL) {
        entry->key = (gv_slice){gv_strndup(key.at, key.len), key.len};
        entry->hash = hash;
        map->count++;
    }
    return &entry->value;
}

void gv_map_dispose(gv_map *map, void (*free_value)(void *value))
{
    for (size_t i = 0; i < map->cap; i++) {
        if (map->entries[i].key.at == NULL)
            continue;
        free((char *)map->entries[i].key.at);
        free_value(map->entries[i].value);
    }
    free(map->entries);
    *map = (gv_map){0};
}
