#include "net/static.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/directory.h"
#include "net/file_answer.h"
#include "net/file_lookup.h"
#include "net/open_beneath.h"
#include "net/server.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct gv_static {
    gv_static_options options; /* owned */
    gv_lookup lookup;
};

gv_static *gv_static_new(const char *directory, gv_static_options *options)
{
    int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    gv_static *files;

    if (fd < 0)
        return NULL;
    files = gv_calloc(1, sizeof(*files));
    files->options = *options;
    gv_lookup_init(&files->lookup, fd, &files->options);
    *options = (gv_static_options){0};
    return files;
}

void gv_static_set_types(gv_static *files, gv_mime_map *types)
{
    if (files->options.types != NULL)
        gv_mime_map_free(files->options.types);
    files->options.types = types;
}

void gv_static_free(gv_static *files)
{
    gv_lookup_dispose(&files->lookup);
    gv_static_options_dispose(&files->options);
    free(files);
}

/* ---- answering ---- */

static bool takes_method(const gv_exchange *ex)
{
    return (GV_STATIC_METHODS & GV_METHOD_BIT(ex->req->method)) != 0;
}

/* With the file `found` at `path`, which is let go of. */
static int answer(gv_static *files, gv_exchange *ex, gv_found *found, gv_slice path)
{
    if (!takes_method(ex)) {
        gv_found_let_go(found);
        return gv_match_bad_method(&ex->match, GV_STATIC_METHODS);
    }
    if (files->options.precompressed_count > 0)
        gv_lookup_prefer_encoded(&files->lookup, ex->server, ex->req, path, found);
    gv_file_answer(ex, found->file, found->open);
    gv_found_let_go(found);
    return GV_OK;
}

/* A directory without its slash: relative links in its pages would go astray. */
static int send_to_slash(gv_exchange *ex)
{
    if (!takes_method(ex))
        return gv_match_bad_method(&ex->match, GV_STATIC_METHODS);
    gv_exchange_redirect_to_slash(ex);
    return GV_OK;
}

/* Not 404: a cache would keep that of a file that may well be there. */
static int answer_shortage(gv_exchange *ex)
{
    static int64_t last_ms;

    gv_log_seldom(&last_ms, GV_ERROR, "files can not be opened: %s", strerror(EMFILE));
    gv_exchange_unavailable(ex);
    return GV_OK;
}

static int serve_path(gv_static *files, gv_exchange *ex, gv_slice path)
{
    gv_found found = gv_lookup_find(&files->lookup, ex->server, path);

    if (found.kind == GV_FOUND_FILE)
        return answer(files, ex, &found, path);
    if (found.kind == GV_FOUND_UNKNOWN)
        return answer_shortage(ex);
    gv_found_let_go(&found);
    return found.kind == GV_FOUND_DIRECTORY ? send_to_slash(ex) : GV_DECLINED;
}

static int list_directory(gv_static *files, gv_exchange *ex, gv_slice path)
{
    int fd =
        gv_lookup_open(&files->lookup, ex->server, path.len > 0 ? path : GV_SLICE("."));
    struct stat info;

    if (fd < 0)
        return gv_server_is_short_of(errno) ? answer_shortage(ex) : GV_DECLINED;
    if (fstat(fd, &info) < 0 || !S_ISDIR(info.st_mode)) {
        close(fd);
        return GV_DECLINED;
    }
    if (takes_method(ex))
        return gv_directory_list(ex, fd, files->lookup.directory, path);
    close(fd);
    return gv_match_bad_method(&ex->match, GV_STATIC_METHODS);
}

/* `path` is empty or ends in a slash: the directory's index file, or its listing. */
static int serve_directory(gv_static *files, gv_exchange *ex, gv_slice path)
{
    const gv_strings *names = &files->options.index;

    for (size_t i = 0; i < names->count; i++) {
        char text[PATH_MAX];
        gv_slice index = gv_path_join(text, path, gv_slice_of(names->at[i]));
        gv_found found = gv_lookup_find(&files->lookup, ex->server, index);

        if (found.kind == GV_FOUND_FILE)
            return answer(files, ex, &found, index);
        if (found.kind == GV_FOUND_UNKNOWN)
            return answer_shortage(ex);
        gv_found_let_go(&found);
    }
    return files->options.allow_index ? list_directory(files, ex, path) : GV_DECLINED;
}

static int serve_fallback(gv_static *files, gv_exchange *ex)
{
    gv_slice path = gv_slice_of(files->options.fallback);
    gv_found found = gv_lookup_find(&files->lookup, ex->server, path);

    if (found.kind == GV_FOUND_FILE && takes_method(ex))
        return answer(files, ex, &found, path);
    if (found.kind == GV_FOUND_UNKNOWN)
        return answer_shortage(ex);
    gv_found_let_go(&found);
    return GV_DECLINED;
}

/* ---- which paths ---- */

static bool is_hidden(gv_slice rest)
{
    bool at_start = true;

    for (size_t i = 0; i < rest.len; i++) {
        if (at_start && rest.at[i] == '.')
            return true;
        at_start = rest.at[i] == '/';
    }
    return false;
}

/* An encoded slash is no part of a file's name, and an empty segment is no name at
 * all. */
static bool is_name(gv_slice rest)
{
    bool at_start = true;

    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] == '\0' || (at_start && rest.at[i] == '/'))
            return false;
        at_start = rest.at[i] == '/';
    }
    return rest.len < PATH_MAX;
}

int gv_static_serve(gv_static *files, gv_exchange *ex, gv_slice rest)
{
    bool slash = rest.len == 0 || rest.at[rest.len - 1] == '/';
    int outcome = GV_DECLINED;

    if (!files->options.hidden && is_hidden(rest))
        return GV_DECLINED;
    if (is_name(rest))
        outcome =
            slash ? serve_directory(files, ex, rest) : serve_path(files, ex, rest);
    if (outcome == GV_DECLINED && files->options.fallback != NULL)
        return serve_fallback(files, ex);
    return outcome;
}

/* ---- files that the application names ---- */

/* A new descriptor, or -1 with errno. */
static int open_in(const char *directory, const char *path)
{
    int at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC), fd, error;

    if (at < 0)
        return -1;
    fd = gv_open_beneath(at, gv_slice_of(path));
    error = errno;
    close(at);
    errno = error;
    return fd;
}

static int open_wish(gv_exchange *ex, const gv_file_wish *wish)
{
    int fd;

    do {
        fd = wish->directory != NULL
                 ? open_in(wish->directory, wish->path)
                 : open(wish->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    } while (fd < 0 && gv_server_find_descriptor(ex->server, errno));
    return fd;
}

/* Neither the answer nor the file, which it may hold, looks at the wish any more. */
static void forget_type(gv_exchange *ex, gv_file *file)
{
    if (ex->res.content_type.at == file->type.at) {
        gv_exchange_field(ex, GV_SLICE("Content-Type"), file->type);
        ex->res.content_type = GV_SLICE_NONE;
    }
    file->type = GV_SLICE_NONE;
}

int gv_static_send_file(gv_exchange *ex, const gv_file_wish *wish)
{
    const gv_file_style style = {.type = wish->type};
    int fd = open_wish(ex, wish);
    struct stat info;
    gv_found found;

    if (fd < 0)
        return gv_server_is_short_of(errno) ? answer_shortage(ex) : GV_DECLINED;
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return GV_DECLINED;
    }
    found = gv_found_file(gv_file_new(fd, &info, &style), fd);
    if (wish->status == 200 && takes_method(ex))
        gv_file_answer(ex, found.file, found.open);
    else
        gv_file_answer_whole(ex, found.file, found.open, wish->status);
    forget_type(ex, found.file);
    gv_found_let_go(&found);
    return GV_OK;
}

int gv_static_serve_file(gv_exchange *ex, const char *path)
{
    const gv_file_wish wish = {
        .path = path, .type = gv_mime_type(gv_slice_of(path)), .status = 200};

    if (!takes_method(ex))
        return gv_match_bad_method(&ex->match, GV_STATIC_METHODS);
    return gv_static_send_file(ex, &wish);
}
