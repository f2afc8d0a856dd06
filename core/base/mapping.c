#include "base/mapping.h"

#include "base/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* One line of /proc/self/maps: GV_OK also where it is another file's. */
static int leave_out(const char *line, const struct stat *file)
{
    uintptr_t start, end;
    unsigned device_major, device_minor;
    unsigned long inode;

    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %x:%x %lu", &start, &end,
               &device_major, &device_minor, &inode) != 5 ||
        inode != file->st_ino || makedev(device_major, device_minor) != file->st_dev)
        return GV_OK;
    return madvise((void *)start, end - start, MADV_DONTDUMP) == 0 ? GV_OK : GV_FAILED;
}

int gv_mapping_leave_out_of_dumps(int fd)
{
    int result = GV_OK;
    struct stat file;
    char *line = NULL;
    size_t size = 0;
    FILE *maps;

    if (fstat(fd, &file) < 0)
        return GV_FAILED;
    maps = fopen("/proc/self/maps", "re");
    if (maps == NULL)
        return GV_FAILED;
    while (result == GV_OK && getline(&line, &size, maps) >= 0)
        result = leave_out(line, &file);
    free(line);
    fclose(maps);
    return result;
}
