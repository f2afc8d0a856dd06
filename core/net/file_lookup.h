/* From a path below a directory to the file there, opened or out of the cache. */
#ifndef GV_NET_FILE_LOOKUP_H
#define GV_NET_FILE_LOOKUP_H

#include "net/file_cache.h"
#include "net/server.h"
#include "net/static_options.h"

#include <limits.h>

typedef struct gv_lookup {
    int directory;                    /* owned */
    const gv_static_options *options; /* borrowed */
    char max_age[64];                 /* a Cache-Control; empty: none */
    gv_file_cache cache;
} gv_lookup;

/* What a path leads to; ended by gv_found_let_go(). */
typedef struct gv_found {
    enum {
        GV_FOUND_NOTHING,
        GV_FOUND_FILE,
        GV_FOUND_DIRECTORY,
        GV_FOUND_UNKNOWN /* there was no descriptor to look with */
    } kind;
    gv_file *file;      /* a reference, where it is a file */
    gv_open_file *open; /* a reference, or NULL: file->content is all of it */
} gv_found;

/* Takes `directory`, a descriptor, over; `options` live as long. */
void gv_lookup_init(gv_lookup *lookup, int directory, const gv_static_options *options);
void gv_lookup_dispose(gv_lookup *lookup);

/* Opens `path` as the options allow, if need be with a descriptor that an idle client
 * gives back.  A new descriptor, or -1 with errno. */
int gv_lookup_open(gv_lookup *lookup, gv_server *server, gv_slice path);

/* What is at `path`, shorter than PATH_MAX and without NULs.  What was looked at in the
 * same turn of the loop is not looked at again. */
gv_found gv_lookup_find(gv_lookup *lookup, gv_server *server, gv_slice path);

/* Puts the encoded neighbour of the file at `path` that the client likes best, if there
 * is one that it likes better, in the place of `plain`. */
void gv_lookup_prefer_encoded(gv_lookup *lookup, gv_server *server,
                              const gv_request *req, gv_slice path, gv_found *plain);

/* A file that was made of the open `fd`.  Takes both over. */
gv_found gv_found_file(gv_file *file, int fd);

void gv_found_let_go(gv_found *found);

/* `a` and `b` behind one another in `text`; empty where they do not fit. */
gv_slice gv_path_join(char text[PATH_MAX], gv_slice a, gv_slice b);

#endif
