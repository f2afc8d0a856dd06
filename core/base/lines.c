#include "base/lines.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static mode_t kind_of(int fd)
{
    struct stat info;

    return fstat(fd, &info) == 0 ? info.st_mode & S_IFMT : S_IFREG;
}

/* As many whole lines as a pipe takes in one piece. */
static size_t piece_of(gv_slice lines)
{
    const char *end;

    if (lines.len <= PIPE_BUF)
        return lines.len;
    end = memrchr(lines.at, '\n', PIPE_BUF);
    return end != NULL ? (size_t)(end + 1 - lines.at) : PIPE_BUF;
}

static ssize_t write_if_ready(int fd, const char *data, size_t len)
{
    struct pollfd polled = {.fd = fd, .events = POLLOUT};

    if (poll(&polled, 1, 0) > 0)
        return write(fd, data, len);
    errno = EAGAIN;
    return -1;
}

static ssize_t write_some(int fd, mode_t kind, gv_slice lines)
{
    switch (kind) {
    case S_IFREG:
        return write(fd, lines.at, lines.len);
    case S_IFSOCK:
        return send(fd, lines.at, lines.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    default:
        return write_if_ready(fd, lines.at, piece_of(lines));
    }
}

size_t gv_lines_write(int fd, gv_slice lines)
{
    mode_t kind = kind_of(fd);
    size_t written = 0;

    while (written < lines.len) {
        ssize_t n = write_some(fd, kind, gv_slice_from(lines, written));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        written += (size_t)n;
    }
    return written;
}
