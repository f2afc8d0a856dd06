#include "daemon/pidfile.h"

#include "base/mem.h"
#include "base/result.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who else holds the lock; 0: nobody, -1: errno says why that is not known. */
static pid_t holder_of(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    if (fcntl(fd, F_GETLK, &lock) < 0)
        return -1;
    return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

static int try_lock(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    return fcntl(fd, F_SETLK, &lock);
}

static bool is_file_at(int fd, const char *path)
{
    struct stat ours, theirs;

    return fstat(fd, &ours) == 0 && stat(path, &theirs) == 0 &&
           ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

/* A locked descriptor of the file that is at `path` now: the one that was opened
 * may have been removed by a guavad that was just leaving. */
static int open_locked(const char *path, gv_error *error)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

        if (fd < 0)
            return gv_error_set(error, "can not write the pidfile %s: %s", path,
                                strerror(errno));
        if (try_lock(fd) < 0) {
            gv_error_set(error, "already running (pid %d, %s)", (int)holder_of(fd),
                         path);
            close(fd);
            return GV_FAILED;
        }
        if (is_file_at(fd, path))
            return fd;
        close(fd);
    }
}

static int write_pid(int fd)
{
    char text[32];
    int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());

    return ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) == len ? 0 : -1;
}

int gv_pidfile_open(gv_pidfile *pidfile, const char *path, gv_error *error)
{
    int fd;

    *pidfile = GV_PIDFILE_NONE;
    if (path == NULL)
        return GV_OK;
    fd = open_locked(path, error);
    if (fd < 0)
        return GV_FAILED;
    *pidfile = (gv_pidfile){gv_strdup(path), fd};
    if (write_pid(fd) == 0)
        return GV_OK;
    gv_error_set(error, "can not write the pidfile %s: %s", path, strerror(errno));
    gv_pidfile_close(pidfile);
    return GV_FAILED;
}

bool gv_pidfile_is_at(const gv_pidfile *pidfile, const char *path)
{
    if (path == NULL || pidfile->path == NULL)
        return path == pidfile->path;
    return strcmp(path, pidfile->path) == 0 || is_file_at(pidfile->fd, path);
}

void gv_pidfile_close(gv_pidfile *pidfile)
{
    if (pidfile->path == NULL)
        return;
    if (is_file_at(pidfile->fd, pidfile->path))
        unlink(pidfile->path);
    close(pidfile->fd);
    free(pidfile->path);
    *pidfile = GV_PIDFILE_NONE;
}

char *gv_pidfile_let_go(gv_pidfile *pidfile)
{
    char *path = pidfile->path;

    if (path != NULL)
        close(pidfile->fd);
    *pidfile = GV_PIDFILE_NONE;
    return path;
}

int gv_pidfile_find(const char *path, pid_t *pid, gv_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return gv_error_set(error, "not running: no pidfile %s", path);
    *pid = holder_of(fd);
    close(fd);
    if (*pid > 0)
        return GV_OK;
    return gv_error_set(error, "not running: nobody holds %s", path);
}
