/* Files that were asked for lately, by path.
 *
 * What is known of a path is true for the turn of the loop in which it was looked at;
 * in a later one the caller looks again, and finds that nothing changed, or puts anew.
 * Bounded in number and in bytes: the least recently used leave. */
#ifndef GV_NET_FILE_CACHE_H
#define GV_NET_FILE_CACHE_H

#include "net/file.h"
#include "net/open_file.h"

typedef struct gv_cached gv_cached;

struct gv_cached {
    gv_cached *newer, *older; /* by use */
    gv_cached *next;          /* in its bucket */
    uint64_t hash;
    uint64_t turn;      /* in which this was last seen to be true */
    gv_file *file;      /* a reference; NULL: there is no such file */
    gv_open_file *open; /* borrowed, in that turn alone; or NULL */
    gv_coding coding;
    size_t path_len;
    char path[];
};

enum { GV_FILE_CACHE_BUCKETS = 1024 };

typedef struct gv_file_cache {
    gv_cached *newest, *oldest;
    unsigned count;
    size_t bytes; /* of the files' content */
    gv_cached *buckets[GV_FILE_CACHE_BUCKETS];
} gv_file_cache;

/* All zero is a valid empty cache. */
void gv_file_cache_dispose(gv_file_cache *cache);

/* What is known of `path` in that coding, valid until the next call of another function
 * here; NULL: nothing. */
gv_cached *gv_file_cache_get(gv_file_cache *cache, gv_slice path, gv_coding coding);

/* Notes that `file`, of which it takes a reference of its own, or NULL, is at `path` in
 * that turn, in place of what was known.  Returns what is known now, as above. */
gv_cached *gv_file_cache_put(gv_file_cache *cache, gv_slice path, gv_coding coding,
                             gv_file *file, uint64_t turn);

/* Forgets what get() gave. */
void gv_file_cache_drop(gv_file_cache *cache, gv_cached *cached);

#endif
