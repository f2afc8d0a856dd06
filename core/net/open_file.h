/* An open file that any number of answers send from, each at an offset of its own. */
#ifndef GV_NET_OPEN_FILE_H
#define GV_NET_OPEN_FILE_H

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

/* Puts a file into a list, which has a reference of its own until it is released; one
 * file is in one list at a time. */
void gv_open_file_keep(gv_open_file **list, gv_open_file *file);
void gv_open_files_release(gv_open_file **list);

#endif
