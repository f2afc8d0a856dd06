/* Files below a directory, and nothing outside of it. */
#ifndef GV_NET_STATIC_H
#define GV_NET_STATIC_H

#include "http/mime.h"
#include "net/exchange.h"
#include "net/static_options.h"

typedef struct gv_static gv_static;

/* Takes `options` over, which are empty afterwards.  NULL: errno says why `directory`
 * can not be opened, and `options` are as they were. */
gv_static *gv_static_new(const char *directory, gv_static_options *options);
void gv_static_free(gv_static *files);

/* Takes `types` over, which go before the built-in ones; NULL for none. */
void gv_static_set_types(gv_static *files, gv_mime_map *types);

/* Answers with the file, listing or redirect for `rest`, the decoded path behind the
 * mount point.  GV_DECLINED where there is none; GV_BAD_METHOD, and ex->match.allow, for
 * a method that files do not take. */
int gv_static_serve(gv_static *files, gv_exchange *ex, gv_slice rest);

/* Answers with the one file at `path`, as above. */
int gv_static_serve_file(gv_exchange *ex, const char *path);

/* A file that the application names. */
typedef struct gv_file_wish {
    const char *path;
    const char
        *directory; /* that `path` may not lead out of; NULL: it may be anywhere */
    gv_slice type;  /* its media type */
    int status;     /* 200: what GET and HEAD ask for; another: all of it */
} gv_file_wish;

/* Answers with it, whatever the method.  GV_DECLINED where there is none.  `wish` is not
 * looked at afterwards. */
int gv_static_send_file(gv_exchange *ex, const gv_file_wish *wish);

enum { GV_STATIC_METHODS = GV_METHOD_BIT(GV_GET) | GV_METHOD_BIT(GV_HEAD) };

#endif
