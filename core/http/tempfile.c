#include "http/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* For file systems without O_TMPFILE. */
static int open_and_unlink(const char *directory)
{
    char path[PATH_MAX];
    int fd;

    if (snprintf(path, sizeof(path), "%s/guava.XXXXXX", directory) >=
        (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

int gv_tempfile_open(void)
{
    const char *directory = getenv("TMPDIR");
    int fd;

    if (directory == NULL || directory[0] == '\0')
        directory = "/tmp";
    fd = open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
        fd = open_and_unlink(directory);
    return fd;
}

int gv_tempfile_write(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, data, len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return GV_FAILED;
        data += written;
        len -= (size_t)written;
    }
    return GV_OK;
}
