#include "daemon/logs.h"

#include "base/result.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int open_one(const char *where, gv_error *error)
{
    int fd;

    if (strcmp(where, "stderr") == 0)
        fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    else if (strcmp(where, "stdout") == 0)
        fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    else
        fd = open(where, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
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
