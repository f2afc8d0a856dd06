#include "net/directory.h"

#include "base/mem.h"
#include "http/listing.h"
#include "http/path.h"
#include "net/open_beneath.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct entries {
    int root; /* borrowed */
    gv_slice path;
    gv_listing_entry *at;
    size_t count, cap;
} entries;

/* What `name` is; of a link, what it leads to.  GV_OK or GV_FAILED. */
static int look_at(const entries *list, int directory, const char *name,
                   struct stat *info)
{
    int fd, outcome;

    if (fstatat(directory, name, info, AT_SYMLINK_NOFOLLOW) < 0)
        return GV_FAILED;
    if (!S_ISLNK(info->st_mode))
        return GV_OK;
    fd = gv_open_in(list->root, list->path, gv_slice_of(name));
    if (fd < 0)
        return GV_FAILED;
    outcome = fstat(fd, info) == 0 ? GV_OK : GV_FAILED;
    close(fd);
    return outcome;
}

static void add(entries *list, int directory, const char *name)
{
    struct stat info;

    if (name[0] == '.' || look_at(list, directory, name, &info) != GV_OK)
        return;
    if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
        return;
    if (list->count == list->cap) {
        list->cap = list->cap > 0 ? list->cap * 2 : 32;
        list->at = gv_realloc(list->at, list->cap * sizeof(*list->at));
    }
    list->at[list->count++] = (gv_listing_entry){
        .name = gv_slice_of(gv_strdup(name)),
        .is_directory = S_ISDIR(info.st_mode),
        .size = (uint64_t)info.st_size,
        .modified = info.st_mtime,
    };
}

static void dispose(entries *list)
{
    for (size_t i = 0; i < list->count; i++)
        free((char *)list->at[i].name.at);
    free(list->at);
}

static void render(gv_exchange *ex, const entries *list)
{
    gv_buf page = {0};
    char *shown = gv_malloc(ex->path.len);
    gv_listing listing = {.path = {shown, ex->path.len},
                          .top = ex->path.len - list->path.len,
                          .order = gv_listing_order_of(ex->req->query),
                          .entries = list->at,
                          .count = list->count};

    gv_path_show(ex->path, shown);
    gv_listing_render(&page, &listing);
    free(shown);
    ex->res.status = 200;
    gv_exchange_field(ex, GV_SLICE("Cache-Control"), GV_SLICE("no-cache"));
    gv_exchange_field(ex, GV_SLICE("Content-Security-Policy"), gv_listing_policy());
    gv_exchange_body(ex, GV_SLICE("text/html; charset=utf-8"), &page);
}

int gv_directory_list(gv_exchange *ex, int fd, int root, gv_slice path)
{
    DIR *directory = fdopendir(fd);
    entries list = {.root = root, .path = path};
    struct dirent *entry;

    if (directory == NULL) {
        close(fd);
        return GV_DECLINED;
    }
    while ((entry = readdir(directory)) != NULL)
        add(&list, dirfd(directory), entry->d_name);
    closedir(directory);
    render(ex, &list);
    dispose(&list);
    return GV_OK;
}
