#include "net/file_cache.h"

#include "base/mem.h"
#include "route/map.h"

#include <stdlib.h>

enum { COUNT_MAX = 4096, BYTES_MAX = 16 * 1024 * 1024 };

static size_t bytes_of(const gv_file *file)
{
    return file != NULL && file->content != NULL ? (size_t)file->state.size : 0;
}

static gv_cached **bucket_of(gv_file_cache *cache, uint64_t hash)
{
    return &cache->buckets[hash % GV_FILE_CACHE_BUCKETS];
}

/* ---- the order of use ---- */

static void unlink_use(gv_file_cache *cache, gv_cached *cached)
{
    if (cached->newer != NULL)
        cached->newer->older = cached->older;
    else
        cache->newest = cached->older;
    if (cached->older != NULL)
        cached->older->newer = cached->newer;
    else
        cache->oldest = cached->newer;
}

static void link_newest(gv_file_cache *cache, gv_cached *cached)
{
    cached->newer = NULL;
    cached->older = cache->newest;
    if (cache->newest != NULL)
        cache->newest->newer = cached;
    else
        cache->oldest = cached;
    cache->newest = cached;
}

/* ---- entries ---- */

static bool is_of(const gv_cached *cached, uint64_t hash, gv_slice path,
                  gv_coding coding)
{
    return cached->hash == hash && cached->coding == coding &&
           gv_slice_equal((gv_slice){cached->path, cached->path_len}, path);
}

static uint64_t hash_of(gv_slice path, gv_coding coding)
{
    return gv_map_hash(path) + (uint64_t)coding;
}

gv_cached *gv_file_cache_get(gv_file_cache *cache, gv_slice path, gv_coding coding)
{
    uint64_t hash = hash_of(path, coding);
    gv_cached *cached = *bucket_of(cache, hash);

    while (cached != NULL && !is_of(cached, hash, path, coding))
        cached = cached->next;
    if (cached != NULL && cached != cache->newest) {
        unlink_use(cache, cached);
        link_newest(cache, cached);
    }
    return cached;
}

/* The new file's reference comes first: it may be the old one. */
static void set_file(gv_file_cache *cache, gv_cached *cached, gv_file *file)
{
    gv_file *old = cached->file;

    cached->file = file != NULL ? gv_file_ref(file) : NULL;
    cache->bytes += bytes_of(file);
    cache->bytes -= bytes_of(old);
    if (old != NULL)
        gv_file_unref(old);
}

void gv_file_cache_drop(gv_file_cache *cache, gv_cached *cached)
{
    gv_cached **link = bucket_of(cache, cached->hash);

    while (*link != cached)
        link = &(*link)->next;
    *link = cached->next;
    unlink_use(cache, cached);
    set_file(cache, cached, NULL);
    cache->count--;
    free(cached);
}

static gv_cached *add(gv_file_cache *cache, gv_slice path, gv_coding coding)
{
    gv_cached *cached = gv_malloc(sizeof(*cached) + path.len);
    uint64_t hash = hash_of(path, coding);
    gv_cached **bucket = bucket_of(cache, hash);

    *cached = (gv_cached){
        .hash = hash, .coding = coding, .path_len = path.len, .next = *bucket};
    memcpy(cached->path, path.at, path.len);
    *bucket = cached;
    link_newest(cache, cached);
    cache->count++;
    return cached;
}

gv_cached *gv_file_cache_put(gv_file_cache *cache, gv_slice path, gv_coding coding,
                             gv_file *file, uint64_t turn)
{
    gv_cached *cached = gv_file_cache_get(cache, path, coding);

    if (cached == NULL)
        cached = add(cache, path, coding);
    set_file(cache, cached, file);
    cached->turn = turn;
    cached->open = NULL;
    while (cache->count > COUNT_MAX || cache->bytes > BYTES_MAX)
        gv_file_cache_drop(cache, cache->oldest);
    return cached;
}

void gv_file_cache_dispose(gv_file_cache *cache)
{
    while (cache->oldest != NULL)
        gv_file_cache_drop(cache, cache->oldest);
}
