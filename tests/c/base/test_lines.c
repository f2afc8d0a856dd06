#include "base/lines.h"

#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* So many lines of so many bytes; the caller frees them. */
static gv_slice lines_of(size_t count, size_t len)
{
    char *text = malloc(count * len);

    REQUIRE(text != NULL);
    memset(text, 'x', count * len);
    for (size_t i = 1; i <= count; i++)
        text[i * len - 1] = '\n';
    return (gv_slice){text, count * len};
}

/* What `fd` has now, at most the size of a pipe. */
static size_t read_all(int fd, char *into, size_t size)
{
    size_t got = 0;
    ssize_t n;

    fcntl(fd, F_SETFL, O_NONBLOCK);
    while ((n = read(fd, into + got, size - got)) > 0)
        got += (size_t)n;
    return got;
}

TEST(a_file_takes_all)
{
    gv_slice lines = lines_of(1000, 100);
    int fd = memfd_create("log", MFD_CLOEXEC);

    CHECK_INT(gv_lines_write(fd, lines), 100000);
    CHECK_INT(lseek(fd, 0, SEEK_CUR), 100000);
    close(fd);
    free((void *)lines.at);
}

TEST(a_full_pipe_is_not_waited_for_and_holds_whole_lines)
{
    static char got[1 << 20];
    gv_slice lines = lines_of(10000, 99);
    size_t written, len;
    int ends[2];

    REQUIRE(pipe(ends) == 0);
    written = gv_lines_write(ends[1], lines);
    CHECK_INT(errno, EAGAIN);
    CHECK(written > 0 && written < lines.len);
    CHECK_INT(written % 99, 0);
    len = read_all(ends[0], got, sizeof(got));
    CHECK_INT(len, written);
    CHECK(gv_lines_write(ends[1], gv_slice_from(lines, written)) > 0);
    close(ends[0]);
    close(ends[1]);
    free((void *)lines.at);
}

TEST(a_line_longer_than_a_piece_is_written_too)
{
    static char got[1 << 20];
    gv_slice lines = lines_of(2, 3 * PIPE_BUF);
    int ends[2];

    REQUIRE(pipe(ends) == 0);
    CHECK_INT(gv_lines_write(ends[1], lines), lines.len);
    CHECK_INT(read_all(ends[0], got, sizeof(got)), lines.len);
    CHECK(memcmp(got, lines.at, lines.len) == 0);
    close(ends[0]);
    close(ends[1]);
    free((void *)lines.at);
}

TEST(a_full_socket_is_not_waited_for)
{
    gv_slice lines = lines_of(100000, 100);
    int ends[2];

    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(gv_lines_write(ends[1], lines) < lines.len);
    CHECK_INT(errno, EAGAIN);
    close(ends[0]);
    CHECK_INT(gv_lines_write(ends[1], lines), 0);
    CHECK_INT(errno, EPIPE);
    close(ends[1]);
    free((void *)lines.at);
}

TEST(what_can_not_be_written_says_why)
{
    int full = open("/dev/full", O_WRONLY), ends[2];

    signal(SIGPIPE, SIG_IGN);
    CHECK_INT(gv_lines_write(full, GV_SLICE("line\n")), 0);
    CHECK_INT(errno, ENOSPC);
    close(full);
    REQUIRE(pipe(ends) == 0);
    close(ends[0]);
    CHECK_INT(gv_lines_write(ends[1], GV_SLICE("line\n")), 0);
    CHECK_INT(errno, EPIPE);
    close(ends[1]);
    CHECK_INT(gv_lines_write(-1, GV_SLICE("line\n")), 0);
    CHECK_INT(errno, EBADF);
}
