#include "daemon/notify.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "daemon/worker.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    LOOKS =
        4, /* so often the watchdog is fed in its time: one late look does no harm */
    LEAST_PATIENCE_MS = 2500 /* an idle worker turns its loop twice a second */
};

static struct {
    char *path; /* NULL: nobody listens */
    char *watchdog_usec;
    struct sockaddr_un address;
    socklen_t len;
    int64_t watchdog_ms; /* 0: none */
    int64_t due_ms;
    bool is_mute;
} manager;

/* Takes a variable out of the environment; NULL if it is not there. */
static char *take(const char *name)
{
    const char *value = getenv(name);
    char *copy = value != NULL ? gv_strdup(value) : NULL;

    unsetenv(name);
    return copy;
}

/* "/path", or "@name" for the abstract name. */
static bool read_address(const char *path)
{
    size_t len = strlen(path);

    if ((path[0] != '/' && path[0] != '@') || len < 2 ||
        len >= sizeof(manager.address.sun_path))
        return false;
    manager.address.sun_family = AF_UNIX;
    memcpy(manager.address.sun_path, path, len);
    if (path[0] == '@')
        manager.address.sun_path[0] = '\0';
    manager.len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    return true;
}

static int64_t read_watchdog(const char *usec, const char *pid)
{
    long long time = usec != NULL ? strtoll(usec, NULL, 10) : 0;

    if (pid != NULL && strtol(pid, NULL, 10) != (long)getpid())
        return 0;
    return time < 1000 * LOOKS ? 0 : time / 1000;
}

void gv_notify_open(void)
{
    char *path = take("NOTIFY_SOCKET");
    char *pid = take("WATCHDOG_PID");

    manager.watchdog_usec = take("WATCHDOG_USEC");
    if (path != NULL && read_address(path)) {
        manager.path = path;
        manager.watchdog_ms = read_watchdog(manager.watchdog_usec, pid);
    } else {
        free(path);
    }
    free(pid);
}

/* Best effort, and without waiting: a manager that does not read must not stop us. */
static void tell(const char *assignments, const char *text)
{
    gv_buf message = {0};
    int fd;

    if (manager.path == NULL || manager.is_mute)
        return;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    gv_buf_printf(&message, "%s", assignments);
    if (text != NULL)
        gv_buf_printf(&message, "STATUS=%.*s\n", (int)strcspn(text, "\n"), text);
    sendto(fd, message.at, message.len, MSG_NOSIGNAL,
           (struct sockaddr *)&manager.address, manager.len);
    gv_buf_dispose(&message);
    close(fd);
}

void gv_notify_status(const char *text)
{
    tell("", text);
}

void gv_notify_ready(const char *text)
{
    tell("READY=1\n", text);
}

/* With the time, by which systemd knows this reload from the one before. */
void gv_notify_reloading(void)
{
    char assignments[64];

    snprintf(assignments, sizeof(assignments),
             "RELOADING=1\nMONOTONIC_USEC=%" PRId64 "\n",
             gv_clock_monotonic_ns() / 1000);
    tell(assignments, NULL);
}

void gv_notify_stopping(const char *text)
{
    tell("STOPPING=1\n", text);
}

void gv_notify_hand_over(pid_t pid, const char *text)
{
    char assignments[64];

    snprintf(assignments, sizeof(assignments), "MAINPID=%d\nREADY=1\n", (int)pid);
    tell(assignments, text);
    free(manager.path);
    manager.path = NULL;
    manager.watchdog_ms = 0;
}

int64_t gv_notify_due(void)
{
    return manager.watchdog_ms > 0 ? manager.due_ms : GV_NEVER;
}

int64_t gv_notify_patience_ms(void)
{
    int64_t half = manager.watchdog_ms / 2;

    return half > LEAST_PATIENCE_MS ? half : LEAST_PATIENCE_MS;
}

void gv_notify_beat(bool is_well)
{
    int64_t now = gv_clock_monotonic_ms();

    if (now < gv_notify_due())
        return;
    manager.due_ms = now + manager.watchdog_ms / LOOKS;
    if (is_well)
        tell("WATCHDOG=1\n", NULL);
}

void gv_notify_mute(bool is_mute)
{
    manager.is_mute = is_mute;
}

void gv_notify_restore(void)
{
    if (manager.path == NULL)
        return;
    setenv("NOTIFY_SOCKET", manager.path, 1);
    if (manager.watchdog_usec != NULL)
        setenv("WATCHDOG_USEC", manager.watchdog_usec, 1);
}
