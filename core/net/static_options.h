/* How a directory is served. */
#ifndef GV_NET_STATIC_OPTIONS_H
#define GV_NET_STATIC_OPTIONS_H

#include "base/strings.h"
#include "http/accept_encoding.h"
#include "http/mime.h"

/* Whoever fills one in frees it by gv_static_options_dispose(). */
typedef struct gv_static_options {
    bool allow_index;     /* list directories */
    bool hidden;          /* serve what begins with a dot */
    bool follow_symlinks; /* out of the directory too */
    gv_strings index;     /* what answers for a directory: the first that is there */
    char *fallback;       /* owned: answers for what is not there; NULL: nothing does */
    int64_t max_age;      /* of Cache-Control, in seconds; -1: none */
    gv_strings immutable; /* patterns of files that never change; one with a slash is
                           * matched with the path below the directory, another with
                           * the name alone; an asterisk stands for slashes too */
    gv_coding precompressed[GV_CODING_COUNT]; /* what to look for, best first */
    unsigned precompressed_count;
    gv_mime_map *types; /* owned: go before the built-in ones; NULL: none do */
} gv_static_options;

/* Frees what it holds; all zero afterwards. */
void gv_static_options_dispose(gv_static_options *options);

#endif
