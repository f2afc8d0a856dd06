#include "net/access_log.h"

#include "base/log.h"
#include "base/result.h"

#include <errno.h>
#include <unistd.h>

enum { BLOCK = 32 * 1024 };

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

static void complain(void)
{
    static int64_t last_ms;

    gv_log_seldom(&last_ms, GV_ERROR, "the access log can not be written: %s",
                  strerror(errno));
}

void gv_access_log_flush(gv_access_log *log)
{
    size_t sent = 0;

    while (sent < log->lines.len) {
        ssize_t n = write(log->fd, log->lines.at + sent, log->lines.len - sent);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            complain();
            break;
        }
        sent += (size_t)n;
    }
    log->lines.len = 0;
}

void gv_access_log_add(gv_access_log *log, const gv_access *access)
{
    gv_access_format_render(log->format, access, &log->lines);
    if (log->lines.len >= BLOCK)
        gv_access_log_flush(log);
}
