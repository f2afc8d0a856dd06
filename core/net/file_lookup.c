#include "net/file_lookup.h"

#include "net/open_beneath.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <unistd.h>

/* One question: the file at `name`, which is `path` or its neighbour of that coding. */
typedef struct question {
    gv_slice path, name;
    gv_coding coding;
} question;

void gv_lookup_init(gv_lookup *lookup, int directory, const gv_static_options *options)
{
    *lookup = (gv_lookup){.directory = directory, .options = options};
    if (options->max_age >= 0)
        snprintf(lookup->max_age, sizeof(lookup->max_age), "public, max-age=%lld",
                 (long long)options->max_age);
}

void gv_lookup_dispose(gv_lookup *lookup)
{
    gv_file_cache_dispose(&lookup->cache);
    close(lookup->directory);
}

void gv_found_let_go(gv_found *found)
{
    if (found->file != NULL)
        gv_file_unref(found->file);
    if (found->open != NULL)
        gv_open_file_unref(found->open);
}

gv_slice gv_path_join(char text[PATH_MAX], gv_slice a, gv_slice b)
{
    if (a.len + b.len >= PATH_MAX)
        return GV_SLICE_NONE;
    memcpy(text, a.at, a.len);
    memcpy(text + a.len, b.at, b.len);
    return (gv_slice){text, a.len + b.len};
}

static int try_to_open(const gv_lookup *lookup, gv_slice path)
{
    if (lookup->options->follow_symlinks)
        return gv_open_following(lookup->directory, path);
    return gv_open_beneath(lookup->directory, path);
}

int gv_lookup_open(gv_lookup *lookup, gv_server *server, gv_slice path)
{
    int fd;

    do {
        fd = try_to_open(lookup, path);
    } while (fd < 0 && gv_server_find_descriptor(server, errno));
    return fd;
}

/* ---- what a file says of itself ---- */

static bool is_immutable(const gv_lookup *lookup, gv_slice path)
{
    const gv_strings *patterns = &lookup->options->immutable;
    char text[PATH_MAX];
    const char *slash;

    if (patterns->count == 0)
        return false;
    memcpy(text, path.at, path.len);
    text[path.len] = '\0';
    slash = strrchr(text, '/');
    for (size_t i = 0; i < patterns->count; i++) {
        const char *pattern = patterns->at[i];
        bool whole = slash == NULL || strchr(pattern, '/') != NULL;

        if (fnmatch(pattern, whole ? text : slash + 1, 0) == 0)
            return true;
    }
    return false;
}

/* An encoded file has the type and the age of the plain one. */
static gv_file_style style_of(const gv_lookup *lookup, const question *asked)
{
    gv_file_style style = {.type =
                               gv_mime_map_type(lookup->options->types, asked->path),
                           .cache_control = gv_slice_of(lookup->max_age),
                           .coding = asked->coding,
                           .varies = lookup->options->precompressed_count > 0};

    if (is_immutable(lookup, asked->path))
        style.cache_control = GV_SLICE("public, max-age=31536000, immutable");
    return style;
}

/* ---- finding ---- */

/* Whether `known` is a file in the state that `info` tells of, and nothing can have
 * changed in it that a state does not show. */
static bool is_still(const gv_cached *known, const struct stat *info)
{
    return known != NULL && known->file != NULL && gv_file_is(known->file, info) &&
           (known->file->settled || known->file->content == NULL);
}

static gv_file *read_anew(const gv_lookup *lookup, const question *asked, int fd,
                          const struct stat *info)
{
    gv_file_style style = style_of(lookup, asked);

    return gv_file_new(fd, info, &style);
}

gv_found gv_found_file(gv_file *file, int fd)
{
    gv_found found = {GV_FOUND_FILE, file, NULL};

    if (file->content == NULL)
        found.open = gv_open_file_new(fd);
    else
        close(fd);
    return found;
}

/* What is open as `fd`, which is taken over. */
static gv_found look_at(const gv_lookup *lookup, const gv_cached *known,
                        const question *asked, int fd)
{
    gv_found found = {GV_FOUND_NOTHING, NULL, NULL};
    struct stat info;

    if (fstat(fd, &info) < 0)
        info.st_mode = 0;
    if (S_ISREG(info.st_mode))
        return gv_found_file(is_still(known, &info)
                                 ? gv_file_ref(known->file)
                                 : read_anew(lookup, asked, fd, &info),
                             fd);
    if (S_ISDIR(info.st_mode))
        found.kind = GV_FOUND_DIRECTORY;
    close(fd);
    return found;
}

/* A number of this turn alone, and of this millisecond: of very many events libuv
 * hands out several batches in one turn.  Neither part ever decreases. */
static uint64_t turn_of(const gv_server *server)
{
    return server->turn + (uint64_t)gv_server_now(server);
}

/* Looks, and notes what is there.  That there is no neighbour is noted too: one is
 * asked for whenever its plain file is. */
static gv_found look_again(gv_lookup *lookup, gv_server *server, gv_cached *known,
                           const question *asked)
{
    gv_found found = {GV_FOUND_NOTHING, NULL, NULL};
    int fd = gv_lookup_open(lookup, server, asked->name);

    if (fd < 0 && gv_server_is_short_of(errno)) {
        found.kind = GV_FOUND_UNKNOWN;
        return found;
    }
    if (fd >= 0)
        found = look_at(lookup, known, asked, fd);
    if (found.kind == GV_FOUND_FILE || asked->coding != GV_CODING_IDENTITY)
        known = gv_file_cache_put(&lookup->cache, asked->path, asked->coding,
                                  found.file, turn_of(server));
    else if (known != NULL)
        gv_file_cache_drop(&lookup->cache, known);
    if (found.open != NULL && gv_open_files_keep(&server->kept, found.open))
        known->open = found.open;
    return found;
}

static gv_found look_up(gv_lookup *lookup, gv_server *server, const question *asked)
{
    gv_cached *known = gv_file_cache_get(&lookup->cache, asked->path, asked->coding);
    gv_found found = {GV_FOUND_NOTHING, NULL, NULL};

    if (known == NULL || known->turn != turn_of(server))
        return look_again(lookup, server, known, asked);
    if (known->file == NULL)
        return found;
    if (known->file->content == NULL && known->open == NULL)
        return look_again(lookup, server, known, asked);
    found.kind = GV_FOUND_FILE;
    found.file = gv_file_ref(known->file);
    if (known->open != NULL)
        found.open = gv_open_file_ref(known->open);
    return found;
}

gv_found gv_lookup_find(gv_lookup *lookup, gv_server *server, gv_slice path)
{
    const question plain = {.path = path, .name = path};

    return look_up(lookup, server, &plain);
}

/* ---- codings ---- */

/* The coding to try next: of those with the highest quality, the first that is
 * configured.  GV_CODING_IDENTITY: none is better than the plain file. */
static gv_coding next_coding(const gv_static_options *options,
                             int quality[GV_CODING_COUNT])
{
    gv_coding best = GV_CODING_IDENTITY;

    for (unsigned i = 0; i < options->precompressed_count; i++) {
        gv_coding coding = options->precompressed[i];

        if (quality[coding] > quality[best] ||
            (best == GV_CODING_IDENTITY && quality[coding] > 0 &&
             quality[coding] == quality[best]))
            best = coding;
    }
    if (best != GV_CODING_IDENTITY)
        quality[best] = 0; /* it is tried once */
    return best;
}

void gv_lookup_prefer_encoded(gv_lookup *lookup, gv_server *server,
                              const gv_request *req, gv_slice path, gv_found *plain)
{
    int quality[GV_CODING_COUNT];
    gv_coding coding;

    gv_accept_encoding(req, quality);
    while ((coding = next_coding(lookup->options, quality)) != GV_CODING_IDENTITY) {
        char text[PATH_MAX];
        const question neighbour = {
            .path = path,
            .name = gv_path_join(text, path, gv_coding_ending(coding)),
            .coding = coding};
        gv_found encoded = look_up(lookup, server, &neighbour);

        if (encoded.kind == GV_FOUND_FILE) {
            gv_found_let_go(plain);
            *plain = encoded;
            return;
        }
        gv_found_let_go(&encoded);
    }
}
