#include "net/static.h"

#include "base/mem.h"
#include "http/conditional.h"
#include "http/date.h"
#include "net/directory.h"
#include "net/open_beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Up to here one read is cheaper than setting up sendfile. */
enum { SMALL_FILE = 16 * 1024 };

struct gv_static {
    int directory;
    bool allow_index;
    gv_mime_map *types; /* owned, or NULL */
};

gv_static *gv_static_new(const char *directory, bool allow_index)
{
    int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    gv_static *files;

    if (fd < 0)
        return NULL;
    files = gv_malloc(sizeof(*files));
    *files = (gv_static){.directory = fd, .allow_index = allow_index};
    return files;
}

void gv_static_set_types(gv_static *files, gv_mime_map *types)
{
    if (files->types != NULL)
        gv_mime_map_free(files->types);
    files->types = types;
}

void gv_static_free(gv_static *files)
{
    close(files->directory);
    gv_static_set_types(files, NULL);
    free(files);
}

/* Reads all of a small file.  GV_FAILED where it turned out shorter. */
static int read_small(gv_exchange *ex, int fd, size_t len)
{
    gv_buf text = {0};
    char *to = gv_buf_reserve(&text, len + 1);

    while (text.len < len) {
        ssize_t n = pread(fd, to + text.len, len - text.len, (off_t)text.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            gv_buf_dispose(&text);
            return GV_FAILED;
        }
        text.len += (size_t)n;
    }
    gv_exchange_body(ex, ex->res.content_type, &text);
    return GV_OK;
}

/* Takes `fd` over. */
static void send_content(gv_exchange *ex, int fd, const struct stat *info)
{
    if (info->st_size <= SMALL_FILE && ex->req->method != GV_HEAD) {
        if (read_small(ex, fd, (size_t)info->st_size) != GV_OK) {
            ex->res.fields.len = 0;
            gv_exchange_error(ex, 500);
        }
        close(fd);
        return;
    }
    ex->res.payload = (gv_payload){
        .kind = GV_PAYLOAD_FILE, .fd = fd, .length = (uint64_t)info->st_size};
}

static void add_last_modified(gv_exchange *ex, time_t modified)
{
    char date[GV_DATE_LEN];

    gv_date_write(date, modified);
    gv_exchange_field(ex, GV_SLICE("Last-Modified"), (gv_slice){date, GV_DATE_LEN});
}

/* Takes `fd`, an open regular file called `name`, over. */
static int send_file(const gv_mime_map *types, gv_exchange *ex, int fd,
                     const struct stat *info, gv_slice name)
{
    add_last_modified(ex, info->st_mtime);
    if (gv_not_modified(ex->req, info->st_mtime)) {
        ex->res.status = 304;
        close(fd);
        return GV_OK;
    }
    ex->res.status = 200;
    ex->res.content_type = gv_mime_map_type(types, name);
    send_content(ex, fd, info);
    return GV_OK;
}

/* The directory's index.html, or its listing.  Takes `fd` over. */
static int send_directory(const gv_static *files, gv_exchange *ex, int fd,
                          gv_slice path)
{
    struct stat info;
    int index = gv_open_in(files->directory, path, GV_SLICE("index.html"));

    if (index >= 0 && fstat(index, &info) == 0 && S_ISREG(info.st_mode)) {
        close(fd);
        return send_file(files->types, ex, index, &info, GV_SLICE("index.html"));
    }
    if (index >= 0)
        close(index);
    if (!files->allow_index) {
        close(fd);
        return GV_DECLINED;
    }
    return gv_directory_list(ex, fd, files->directory, path);
}

/* A directory without its slash: relative links in its pages would go astray. */
static int send_to_slash(gv_exchange *ex, int fd)
{
    close(fd);
    gv_exchange_redirect_to_slash(ex);
    return GV_OK;
}

/* Hidden files are nobody's business; an encoded slash is no part of a file's name,
 * and an empty segment is no name at all. */
static bool is_servable(gv_slice rest)
{
    bool at_start = true;

    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] == '\0')
            return false;
        if (at_start && (rest.at[i] == '.' || rest.at[i] == '/'))
            return false;
        at_start = rest.at[i] == '/';
    }
    return rest.len < PATH_MAX;
}

static bool takes_method(const gv_exchange *ex)
{
    return (GV_STATIC_METHODS & GV_METHOD_BIT(ex->req->method)) != 0;
}

int gv_static_serve(const gv_static *files, gv_exchange *ex, gv_slice rest)
{
    bool slash = rest.len == 0 || rest.at[rest.len - 1] == '/';
    struct stat info;
    int fd;

    if (!is_servable(rest))
        return GV_DECLINED;
    fd = gv_open_beneath(files->directory, rest.len > 0 ? rest : GV_SLICE("."));
    if (fd < 0)
        return GV_DECLINED;
    if (fstat(fd, &info) < 0) {
        close(fd);
        return GV_DECLINED;
    }
    if (!takes_method(ex)) {
        close(fd);
        return GV_BAD_METHOD;
    }
    if (S_ISREG(info.st_mode) && !slash)
        return send_file(files->types, ex, fd, &info, rest);
    if (S_ISDIR(info.st_mode))
        return slash ? send_directory(files, ex, fd, rest) : send_to_slash(ex, fd);
    close(fd);
    return GV_DECLINED;
}

int gv_static_serve_file(gv_exchange *ex, const char *path)
{
    struct stat info;
    int fd;

    if (!takes_method(ex))
        return GV_BAD_METHOD;
    fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return GV_DECLINED;
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return GV_DECLINED;
    }
    return send_file(NULL, ex, fd, &info, gv_slice_of(path));
}
