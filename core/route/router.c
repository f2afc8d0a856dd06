#include "route/router.h"

#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>

typedef struct mount {
    gv_slice point;              /* owned */
    const gv_error_pages *pages; /* borrowed, or NULL */
    void *around;                /* borrowed, or NULL */
    gv_mount_kind kind;
    int number; /* in the order of mounting */
    union {
        void *target; /* STATIC, DYNAMIC: borrowed */
        gv_mvc *mvc;
        gv_rest *rest;
        gv_table *table;
    };
} mount;

struct gv_router {
    mount *mounts; /* longest mount point first, else as they were mounted */
    size_t count;
    size_t newest;               /* the mount that was made last */
    const gv_error_pages *pages; /* of all paths: borrowed, or NULL */
};

gv_router *gv_router_new(void)
{
    gv_router *router = gv_calloc(1, sizeof(*router));

    router->mounts = gv_malloc(0); /* so that matching can point behind the last */
    return router;
}

static void dispose(mount *at)
{
    free((char *)at->point.at);
    switch (at->kind) {
    case GV_MOUNT_MVC:
        gv_mvc_free(at->mvc);
        break;
    case GV_MOUNT_REST:
        gv_rest_free(at->rest);
        break;
    case GV_MOUNT_TABLE:
        gv_table_free(at->table);
        break;
    case GV_MOUNT_STATIC:
    case GV_MOUNT_DYNAMIC:
        break;
    }
}

void gv_router_free(gv_router *router)
{
    for (size_t i = 0; i < router->count; i++)
        dispose(&router->mounts[i]);
    free(router->mounts);
    free(router);
}

/* Makes a mount behind those whose mount points are as long or longer. */
static mount *insert(gv_router *router, gv_slice point, gv_mount_kind kind)
{
    size_t place = 0;
    mount *at;

    assert(point.len > 0 && point.at[0] == '/' && point.at[point.len - 1] == '/');
    while (place < router->count && router->mounts[place].point.len >= point.len)
        place++;
    router->mounts = gv_realloc(router->mounts, (router->count + 1) * sizeof(*at));
    at = &router->mounts[place];
    memmove(at + 1, at, (router->count - place) * sizeof(*at));
    *at = (mount){.kind = kind, .number = (int)router->count};
    router->count++;
    router->newest = place;
    at->point = (gv_slice){gv_strndup(point.at, point.len), point.len};
    return at;
}

void gv_router_mount_static(gv_router *router, gv_slice mount_point, void *target)
{
    insert(router, mount_point, GV_MOUNT_STATIC)->target = target;
}

void gv_router_mount_dynamic(gv_router *router, gv_slice mount_point, void *target)
{
    insert(router, mount_point, GV_MOUNT_DYNAMIC)->target = target;
}

gv_mvc *gv_router_mount_mvc(gv_router *router, gv_slice mount_point)
{
    return insert(router, mount_point, GV_MOUNT_MVC)->mvc = gv_mvc_new();
}

gv_rest *gv_router_mount_rest(gv_router *router, gv_slice mount_point)
{
    return insert(router, mount_point, GV_MOUNT_REST)->rest = gv_rest_new();
}

gv_table *gv_router_mount_table(gv_router *router, gv_slice mount_point)
{
    return insert(router, mount_point, GV_MOUNT_TABLE)->table = gv_table_new();
}

void gv_router_set_error_pages(gv_router *router, const gv_error_pages *pages)
{
    assert(router->count > 0);
    router->mounts[router->newest].pages = pages;
}

void gv_router_set_error_pages_of_all(gv_router *router, const gv_error_pages *pages)
{
    router->pages = pages;
}

void gv_router_set_around(gv_router *router, void *around)
{
    assert(router->count > 0);
    router->mounts[router->newest].around = around;
}

static int ask(const mount *at, gv_slice path, gv_method method, gv_match *match)
{
    gv_slice rest = gv_slice_from(path, at->point.len);

    match->kind = at->kind;
    match->number = at->number;
    match->action = NULL;
    match->target = NULL;
    match->rest = rest;
    match->arg_count = 0;
    switch (at->kind) {
    case GV_MOUNT_MVC:
        return gv_mvc_match(at->mvc, rest, method, match);
    case GV_MOUNT_REST:
        return gv_rest_match(at->rest, rest, method, match);
    case GV_MOUNT_TABLE:
        return gv_table_match(at->table, gv_slice_from(path, at->point.len - 1), method,
                              match);
    case GV_MOUNT_STATIC:
    case GV_MOUNT_DYNAMIC:
        break;
    }
    match->target = at->target;
    return GV_OK;
}

static bool lacks_slash(const gv_router *router, gv_slice path)
{
    for (size_t i = 0; i < router->count; i++) {
        gv_slice point = router->mounts[i].point;

        if (point.len == path.len + 1 && gv_slice_starts_with(point, path))
            return true;
    }
    return false;
}

int gv_router_match(const gv_router *router, gv_slice path, gv_method method,
                    gv_match *match)
{
    match->allow = 0;
    match->add_slash = false;
    match->refusing = NULL;
    match->resume = router->mounts;
    return gv_router_next(router, path, method, match);
}

int gv_router_next(const gv_router *router, gv_slice path, gv_method method,
                   gv_match *match)
{
    const mount *end = router->mounts + router->count;

    for (const mount *at = match->resume; at < end; at++) {
        int outcome;

        if (!gv_slice_starts_with(path, at->point))
            continue;
        outcome = ask(at, path, method, match);
        if (outcome == GV_OK) {
            match->mount = at;
            match->around = at->around;
            match->resume = at + 1;
            return GV_OK;
        }
        if (outcome == GV_BAD_METHOD && match->refusing == NULL)
            match->refusing = at->around;
    }
    match->mount = NULL;
    match->around = match->refusing;
    match->resume = end;
    if (match->allow != 0)
        return GV_BAD_METHOD;
    match->add_slash = lacks_slash(router, path);
    return GV_DECLINED;
}

const gv_own_page *gv_router_error_page(const gv_router *router, gv_slice path,
                                        const void *answering, int status)
{
    const mount *end = router->mounts + router->count;

    for (const mount *at = answering != NULL ? answering : router->mounts; at < end;
         at++) {
        const gv_own_page *page = NULL;

        if (at->pages != NULL && gv_slice_starts_with(path, at->point))
            page = gv_error_pages_find(at->pages, status);
        if (page != NULL)
            return page;
    }
    return router->pages != NULL ? gv_error_pages_find(router->pages, status) : NULL;
}
