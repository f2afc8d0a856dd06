#include "daemon/passed.h"

#include "base/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_FD = 3 /* SD_LISTEN_FDS_START */, COUNT_MAX = 1024 };

static const char unnamed[] = "unknown"; /* as systemd calls them */

static struct {
    struct passed {
        int fd;
        char *name;
    } *at;
    size_t count;
} passed;

void gv_passed_add(int fd, const char *name)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    passed.at = gv_realloc(passed.at, (passed.count + 1) * sizeof(*passed.at));
    passed.at[passed.count++] = (struct passed){fd, gv_strdup(name)};
}

/* How many there are for this process; 0 if they are meant for another. */
static int count_ours(void)
{
    const char *pid = getenv("LISTEN_PID");
    const char *count = getenv("LISTEN_FDS");
    long number;

    if (pid == NULL || count == NULL || strtol(pid, NULL, 10) != (long)getpid())
        return 0;
    number = strtol(count, NULL, 10);
    return number > 0 && number <= COUNT_MAX ? (int)number : 0;
}

/* The name up to the next colon, which the caller frees. */
static char *take_name(const char **names)
{
    const char *name = *names;
    size_t len = name != NULL ? strcspn(name, ":") : 0;

    if (name == NULL)
        return gv_strdup(unnamed);
    *names = name[len] == ':' ? name + len + 1 : NULL;
    return len > 0 ? gv_strndup(name, len) : gv_strdup(unnamed);
}

void gv_passed_open(void)
{
    const char *names = getenv("LISTEN_FDNAMES");
    int count = count_ours();

    for (int fd = FIRST_FD; fd < FIRST_FD + count; fd++) {
        char *name = take_name(&names);

        if (fcntl(fd, F_GETFD) >= 0)
            gv_passed_add(fd, name);
        free(name);
    }
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDNAMES");
}

size_t gv_passed_count(void)
{
    return passed.count;
}

int gv_passed_fd(size_t index)
{
    return passed.at[index].fd;
}

const char *gv_passed_name(size_t index)
{
    return passed.at[index].name;
}

/* An integer option of a socket; -1 where it is none. */
static int option(int fd, int name)
{
    int value;
    socklen_t len = sizeof(value);

    return getsockopt(fd, SOL_SOCKET, name, &value, &len) == 0 ? value : -1;
}

const char *gv_passed_fault(size_t index)
{
    int fd = gv_passed_fd(index);

    if (option(fd, SO_TYPE) < 0)
        return "it is not a socket";
    if (option(fd, SO_TYPE) != SOCK_STREAM)
        return "it is not a stream socket";
    return option(fd, SO_ACCEPTCONN) == 1 ? NULL : "it does not listen";
}
