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

/* `path` as the kernel wants it.  False, with errno, where it is empty or too long. */
static bool terminate(char text[PATH_MAX], gv_slice path)
{
    if (path.len == 0 || path.len >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(text, path.at, path.len);
    text[path.len] = '\0';
    return true;
}

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

    if (!terminate(text, path))
        return -1;
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

    return terminate(text, path) ? openat(directory, text, FLAGS) : -1;
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
