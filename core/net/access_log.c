#include "net/access_log.h"

#include "base/clock.h"
#include "base/lines.h"
#include "base/log.h"
#include "base/result.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

enum { BLOCK = 32 * 1024, KEPT_MAX = 1024 * 1024, FINISH_MS = 500 };

int gv_access_log_init(gv_access_log *log, int fd, const char *format)
{
    *log = (gv_access_log){.fd = -1, .format = gv_access_format_new(format)};
    if (log->format == NULL)
        return GV_BAD;
    log->fd = fd;
    return GV_OK;
}

void gv_access_log_dispose(gv_access_log *log)
{
    if (log->format != NULL)
        gv_access_format_free(log->format);
    gv_buf_dispose(&log->lines);
}

static void complain(int error)
{
    static int64_t last_ms;

    gv_log_seldom(&last_ms, GV_ERROR,
                  "the access log can not be written, lines are lost: %s",
                  error == EAGAIN ? "its reader is too slow" : strerror(error));
}

void gv_access_log_flush(gv_access_log *log)
{
    size_t written = gv_lines_write(log->fd, gv_buf_slice(&log->lines));
    int error = errno;

    gv_buf_consume(&log->lines, written);
    log->stalled = log->lines.len > 0 && error == EAGAIN;
    if (log->lines.len == 0 || (log->stalled && log->lines.len < KEPT_MAX))
        return;
    complain(error);
    log->lines.len = 0;
}

void gv_access_log_finish(gv_access_log *log)
{
    int64_t until = gv_clock_monotonic_ms() + FINISH_MS, left;
    struct pollfd polled = {.fd = log->fd, .events = POLLOUT};

    gv_access_log_flush(log);
    while (log->lines.len > 0 && (left = until - gv_clock_monotonic_ms()) > 0 &&
           poll(&polled, 1, (int)left) > 0)
        gv_access_log_flush(log);
}

void gv_access_log_add(gv_access_log *log, const gv_access *access)
{
    gv_access_format_render(log->format, access, &log->lines);
    if (log->lines.len >= (log->stalled ? KEPT_MAX : BLOCK))
        gv_access_log_flush(log);
}
