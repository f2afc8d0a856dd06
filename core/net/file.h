/* A file as answers need it: what it is known by, the fields that go with it, and where
 * it is small its content. */
#ifndef GV_NET_FILE_H
#define GV_NET_FILE_H

#include "base/buf.h"
#include "http/accept_encoding.h"

#include <sys/stat.h>

/* Up to here a file's content is kept in memory, and sent from there. */
enum { GV_FILE_SMALL = 64 * 1024 };

/* What a file says of itself besides its content. */
typedef struct gv_file_style {
    gv_slice type;          /* as long-lived as the file */
    gv_slice cache_control; /* the field's value; empty: none */
    gv_coding coding;
    bool varies; /* by Accept-Encoding */
} gv_file_style;

/* Which file it is, and in which state: another one, or any write, makes a difference
 * (as fine as the file system's clock, see `settled`). */
typedef struct gv_file_state {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified, changed;
} gv_file_state;

/* Never changed once made; shared by reference. */
typedef struct gv_file {
    unsigned references;
    gv_file_state state;
    int64_t modified; /* seconds: Last-Modified, never ahead of this machine's clock */
    gv_slice type;
    gv_buf fields;       /* field lines of a whole answer */
    size_t brief;        /* how much of them a 304 has */
    gv_slice etag, date; /* the values of ETag and Last-Modified, within `fields` */
    char *content;       /* state.size bytes, or NULL: only behind a descriptor */
    bool settled;        /* no write could have gone unseen since `content` was read */
} gv_file;

/* One reference, of the open file `fd` that fstat() told `info` of; `fd` stays the
 * caller's.  The content of a small file is read; where that fails, or it keeps changing
 * under the reader, it is left to whoever sends from `fd`. */
gv_file *gv_file_new(int fd, const struct stat *info, const gv_file_style *style);

static inline gv_file *gv_file_ref(gv_file *file)
{
    file->references++;
    return file;
}

/* Frees the file with its last reference. */
void gv_file_unref(gv_file *file);

/* Whether fstat() told the same of it as when `file` was made. */
bool gv_file_is(const gv_file *file, const struct stat *info);

#endif
