#include "net/open_file.h"

#include "base/mem.h"

#include <stdlib.h>
#include <unistd.h>

gv_open_file *gv_open_file_new(int fd)
{
    gv_open_file *file = gv_malloc(sizeof(*file));

    *file = (gv_open_file){.references = 1, .fd = fd};
    return file;
}

void gv_open_file_unref(gv_open_file *file)
{
    if (--file->references > 0)
        return;
    close(file->fd);
    free(file);
}

void gv_open_file_keep(gv_open_file **list, gv_open_file *file)
{
    file->next_kept = *list;
    *list = gv_open_file_ref(file);
}

void gv_open_files_release(gv_open_file **list)
{
    while (*list != NULL) {
        gv_open_file *file = *list;

        *list = file->next_kept;
        gv_open_file_unref(file);
    }
}
