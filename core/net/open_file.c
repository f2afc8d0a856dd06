#include "net/open_file.h"

#include "base/mem.h"

#include <stdlib.h>
#include <unistd.h>

enum { KEPT_MAX = 16 /* descriptors are scarce */ };

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

bool gv_open_files_keep(gv_open_files *list, gv_open_file *file)
{
    if (list->count == KEPT_MAX)
        return false;
    file->next_kept = list->first;
    list->first = gv_open_file_ref(file);
    list->count++;
    return true;
}

void gv_open_files_release(gv_open_files *list)
{
    while (list->first != NULL) {
        gv_open_file *file = list->first;

        list->first = file->next_kept;
        gv_open_file_unref(file);
    }
    list->count = 0;
}
