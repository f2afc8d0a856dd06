/* An open file that any number of answers send from, each at an offset of its own. */
#ifndef GV_NET_OPEN_FILE_H
#define GV_NET_OPEN_FILE_H

#include <stdbool.h>

typedef struct gv_open_file gv_open_file;

struct gv_open_file {
    unsigned references;
    int fd;
    gv_open_file *next_kept;
};

/* One reference; takes `fd` over. */
gv_open_file *gv_open_file_new(int fd);

static inline gv_open_file *gv_open_file_ref(gv_open_file *file)
{
    file->references++;
    return file;
}

/* Closes the file with its last reference. */
void gv_open_file_unref(gv_open_file *file);

/* Some that stay open for a while.  All zero is a valid empty list. */
typedef struct gv_open_files {
    gv_open_file *first;
    unsigned count;
} gv_open_files;

/* Puts a file that is in no list into one, which has a reference of its own until it is
 * released.  False: the list is as long as it may be. */
bool gv_open_files_keep(gv_open_files *list, gv_open_file *file);
void gv_open_files_release(gv_open_files *list);

#endif
