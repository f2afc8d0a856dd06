#include "base/mapping.h"

#include "base/result.h"
#include "harness.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 1 << 16 };

static int new_file(void)
{
    int fd = memfd_create("test-mapping", MFD_CLOEXEC);

    CHECK(ftruncate(fd, SIZE) == 0);
    return fd;
}

static char *map(int fd)
{
    return mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

/* Whether the kernel says of the mapping at `start` that it is not dumped ("dd"). */
static bool is_left_out(const char *start)
{
    FILE *maps = fopen("/proc/self/smaps", "re");
    bool is_it = false, result = false;
    char line[4096];

    while (fgets(line, sizeof(line), maps) != NULL) {
        uintptr_t begin;

        if (strncmp(line, "VmFlags:", 8) == 0 && is_it)
            result = strstr(line, " dd") != NULL;
        else if (sscanf(line, "%" SCNxPTR "-", &begin) == 1 &&
                 strchr(line, '-') != NULL)
            is_it = begin == (uintptr_t)start;
    }
    fclose(maps);
    return result;
}

TEST(mappings_of_the_file_are_left_out_and_no_others)
{
    int fd = new_file(), other = new_file();
    char *first = map(fd), *second = map(fd), *foreign = map(other);

    CHECK(!is_left_out(first));
    CHECK(gv_mapping_leave_out_of_dumps(fd) == GV_OK);
    CHECK(is_left_out(first));
    CHECK(is_left_out(second));
    CHECK(!is_left_out(foreign));
    munmap(first, SIZE);
    munmap(second, SIZE);
    munmap(foreign, SIZE);
    close(fd);
    close(other);
}

TEST(a_descriptor_that_is_none_is_a_failure)
{
    CHECK(gv_mapping_leave_out_of_dumps(-1) == GV_FAILED);
    CHECK(errno == EBADF);
}
