#include "daemon/logs.h"

#include "base/result.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_NONBLOCK: nobody waits for the reader of a named pipe. */
enum { FLAGS = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOCTTY };

/* A copy of a standard stream.  A pipe is opened anew, so that it can be non-blocking
 * for us alone: whoever started us has its other copies. */
static int copy_stream(int stream)
{
    struct stat info;
    char path[32];
    int fd = -1;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", stream);
    if (fstat(stream, &info) == 0 && S_ISFIFO(info.st_mode))
        fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    return fd >= 0 ? fd : fcntl(stream, F_DUPFD_CLOEXEC, 3);
}

static int open_one(const char *where, gv_error *error)
{
    int fd;

    if (strcmp(where, "stderr") == 0)
        fd = copy_stream(STDERR_FILENO);
    else if (strcmp(where, "stdout") == 0)
        fd = copy_stream(STDOUT_FILENO);
    else
        fd = open(where, FLAGS, 0644);
    if (fd < 0)
        return gv_error_set(error, "can not open the log %s: %s", where,
                            strerror(errno));
    return fd;
}

int gv_logs_open(gv_logs *logs, const gv_settings *settings, gv_error *error)
{
    gv_logs opened = GV_LOGS_CLOSED;

    opened.error = open_one(settings->error_log, error);
    if (opened.error < 0)
        return GV_FAILED;
    if (strcmp(settings->access_log, "off") != 0) {
        opened.access = open_one(settings->access_log, error);
        if (opened.access < 0) {
            close(opened.error);
            return GV_FAILED;
        }
    }
    *logs = opened;
    return GV_OK;
}

int gv_logs_reopen(gv_logs *logs, const gv_settings *settings, gv_error *error)
{
    gv_logs before = *logs;

    if (gv_logs_open(logs, settings, error) != GV_OK)
        return GV_FAILED;
    gv_logs_close(&before);
    return GV_OK;
}

void gv_logs_close(gv_logs *logs)
{
    if (logs->error >= 0)
        close(logs->error);
    if (logs->access >= 0)
        close(logs->access);
    *logs = GV_LOGS_CLOSED;
}
