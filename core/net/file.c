#include "net/file.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/result.h"
#include "http/date.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Some file systems date changes by whole seconds, or two; ETAG_MAX: three numbers and
 * the name of a coding. */
enum { COARSEST_CLOCK_MS = 2000, TRIES = 3, ETAG_MAX = 80 };

static gv_file_state state_of(const struct stat *info)
{
    return (gv_file_state){.device = info->st_dev,
                           .inode = info->st_ino,
                           .size = info->st_size,
                           .modified = info->st_mtim,
                           .changed = info->st_ctim};
}

static bool is_same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool gv_file_is(const gv_file *file, const struct stat *info)
{
    const gv_file_state *state = &file->state;

    return state->inode == info->st_ino && state->device == info->st_dev &&
           state->size == info->st_size &&
           is_same_time(state->modified, info->st_mtim) &&
           is_same_time(state->changed, info->st_ctim);
}

static void add_field(gv_buf *fields, const char *name, gv_slice value)
{
    if (value.len > 0)
        gv_buf_printf(fields, "%s: %.*s\r\n", name, (int)value.len, value.at);
}

/* The time of the change, which nobody can set: a file put in the place of another may
 * have the other's number, size and time of modification. */
static gv_slice write_etag(char *text, const gv_file_state *state, gv_coding coding)
{
    uint64_t changed = (uint64_t)state->changed.tv_sec * UINT64_C(1000000000) +
                       (uint64_t)state->changed.tv_nsec;
    bool plain = coding == GV_CODING_IDENTITY;
    int len = snprintf(text, ETAG_MAX, "\"%llx-%llx-%llx%s%s\"",
                       (unsigned long long)state->inode,
                       (unsigned long long)state->size, (unsigned long long)changed,
                       plain ? "" : "-", plain ? "" : gv_coding_name(coding).at);

    return (gv_slice){text, (size_t)len};
}

/* In the order that makes those of a 304 (RFC 9110, section 15.4.5) come first. */
static void write_fields(gv_file *file, const gv_file_style *style)
{
    char etag[ETAG_MAX], date[GV_DATE_LEN];
    gv_slice tag = write_etag(etag, &file->state, style->coding);

    add_field(&file->fields, "ETag", tag);
    add_field(&file->fields, "Cache-Control", style->cache_control);
    if (style->varies)
        add_field(&file->fields, "Vary", GV_SLICE("Accept-Encoding"));
    file->brief = file->fields.len;
    gv_date_write(date, file->modified);
    add_field(&file->fields, "Last-Modified", (gv_slice){date, GV_DATE_LEN});
    add_field(&file->fields, "Accept-Ranges", GV_SLICE("bytes"));
    if (style->coding != GV_CODING_IDENTITY)
        add_field(&file->fields, "Content-Encoding", gv_coding_name(style->coding));
    file->etag = (gv_slice){file->fields.at + sizeof("ETag: ") - 1, tag.len};
    file->date = (gv_slice){
        file->fields.at + file->brief + sizeof("Last-Modified: ") - 1, GV_DATE_LEN};
}

/* GV_OK, or GV_FAILED with errno; GV_AGAIN: it ends before its length. */
static int read_exactly(int fd, char *to, size_t len)
{
    size_t have = 0;

    while (have < len) {
        ssize_t n = pread(fd, to + have, len - have, (off_t)have);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? GV_FAILED : GV_AGAIN;
        have += (size_t)n;
    }
    return GV_OK;
}

/* Reads what the file held in one state.  GV_AGAIN: it has got into another one, which
 * `file` has now. */
static int read_content(gv_file *file, int fd)
{
    size_t size = (size_t)file->state.size;
    char *content = gv_malloc(size);
    int outcome = read_exactly(fd, content, size);
    struct stat after;

    if (outcome == GV_FAILED || fstat(fd, &after) < 0) {
        free(content);
        return GV_FAILED;
    }
    if (outcome == GV_OK && gv_file_is(file, &after)) {
        file->content = content;
        return GV_OK;
    }
    free(content);
    file->state = state_of(&after);
    return GV_AGAIN;
}

/* RFC 9110, section 8.8.2.1: no Last-Modified is later than Date. */
static int64_t modified_by(const gv_file_state *state, int64_t now_ms)
{
    int64_t modified = state->modified.tv_sec, now = now_ms / 1000;

    return modified < now ? modified : now;
}

static bool is_settled(const gv_file_state *state, int64_t now_ms)
{
    return now_ms - (int64_t)state->changed.tv_sec * 1000 > COARSEST_CLOCK_MS;
}

gv_file *gv_file_new(int fd, const struct stat *info, const gv_file_style *style)
{
    gv_file *file = gv_calloc(1, sizeof(*file));
    int64_t now_ms = gv_clock_wall_ms();
    int outcome = GV_AGAIN;

    *file = (gv_file){.references = 1, .state = state_of(info), .type = style->type};
    for (int i = 0; i < TRIES && outcome == GV_AGAIN; i++) {
        if (file->state.size > GV_FILE_SMALL)
            break;
        outcome = read_content(file, fd);
    }
    file->modified = modified_by(&file->state, now_ms);
    file->settled = is_settled(&file->state, now_ms);
    write_fields(file, style);
    return file;
}

void gv_file_unref(gv_file *file)
{
    if (--file->references > 0)
        return;
    gv_buf_dispose(&file->fields);
    free(file->content);
    free(file);
}
