#include "net/open_beneath.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* O_NONBLOCK: a FIFO must not hold the loop. */
enum { FLAGS = O_RDONLY | O_NONBLOCK | O_CLOEXEC, RACES = 16 };

/* Where the kernel or a container's filter has no openat2: step by step, and a
 * symbolic link is refused wherever it points. */
static int open_stepwise(int directory, char *path)
{
    char *rest = path, *name;
    int at = directory;

    while ((name = strtok_r(rest, "/", &rest)) != NULL) {
        int next = -1;

        if (strcmp(name, "..") == 0)
            errno = EXDEV;
        else
            next = openat(at, name, FLAGS | O_NOFOLLOW);
        if (at != directory)
            close(at);
        if (next < 0)
            return -1;
        at = next;
    }
    return at;
}

int gv_open_beneath(int directory, gv_slice path)
{
    static int has_openat2 = 1;
    struct open_how how = {.flags = FLAGS,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    char text[PATH_MAX];

    if (path.len == 0 || path.len >= sizeof(text)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(text, path.at, path.len);
    text[path.len] = '\0';
    if (has_openat2) {
        int fd, tries = RACES;

        do { /* a rename on the way makes the kernel unsure: openat2(2), EAGAIN */
            fd = (int)syscall(SYS_openat2, directory, text, &how, sizeof(how));
        } while (fd < 0 && errno == EAGAIN && --tries > 0);
        if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
            return fd;
        has_openat2 = errno == ENOSYS ? 0 : has_openat2;
    }
    return open_stepwise(directory, text);
}

int gv_open_following(int directory, gv_slice path)
{
    char text[PATH_MAX];

    if (path.len == 0 || path.len >= sizeof(text)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(text, path.at, path.len);
    text[path.len] = '\0';
    return openat(directory, text, FLAGS);
}

int gv_open_in(int directory, gv_slice path, gv_slice name)
{
    gv_buf whole = {0};
    int fd;

    gv_buf_append_slice(&whole, path);
    gv_buf_append_slice(&whole, name);
    fd = gv_open_beneath(directory, gv_buf_slice(&whole));
    gv_buf_dispose(&whole);
    return fd;
}
