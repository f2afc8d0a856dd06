#include "base/log.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/lines.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SELDOM_MS = 60 * 1000 };

static struct {
    int fd;
    gv_level least;
    char name[64];
} state = {STDERR_FILENO, GV_INFO, "guavad"};

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void gv_log_set_fd(int fd)
{
    state.fd = fd;
}

int gv_log_fd(void)
{
    return state.fd;
}

void gv_log_set_level(gv_level least)
{
    state.least = least;
}

void gv_log_set_name(const char *name)
{
    snprintf(state.name, sizeof(state.name), "%s", name);
}

int gv_level_parse(const char *name)
{
    for (int level = GV_DEBUG; level <= GV_ERROR; level++) {
        if (strcmp(level_names[level], name) == 0)
            return level;
    }
    return -1;
}

static void append_time(gv_buf *line)
{
    int64_t now = gv_clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm parts;

    localtime_r(&seconds, &parts);
    gv_buf_printf(line, "%04d-%02d-%02d %02d:%02d:%02d.%03d", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                  parts.tm_sec, (int)(now % 1000));
}

static void append_safely(gv_buf *line, gv_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (c == '\n')
            gv_buf_append_literal(line, "\n\t");
        else if ((c < 0x20 && c != '\t') || c == 0x7f)
            gv_buf_printf(line, "\\x%02x", c);
        else
            gv_buf_append(line, &c, 1);
    }
}

void gv_vlog(gv_level level, const char *format, va_list args)
{
    gv_buf line = {0}, message = {0};

    if (level < state.least)
        return;
    gv_buf_vprintf(&message, format, args);
    while (message.len > 0 && message.at[message.len - 1] == '\n')
        message.len--;
    append_time(&line);
    gv_buf_printf(&line, " [%s] %s %d: ", level_names[level], state.name,
                  (int)getpid());
    append_safely(&line, gv_buf_slice(&message));
    gv_buf_append_literal(&line, "\n");
    gv_lines_write(state.fd, gv_buf_slice(&line)); /* nowhere is left to report it */
    gv_buf_dispose(&message);
    gv_buf_dispose(&line);
}

void gv_log(gv_level level, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    gv_vlog(level, format, args);
    va_end(args);
}

void gv_log_seldom(int64_t *last_ms, gv_level level, const char *format, ...)
{
    int64_t now_ms = gv_clock_monotonic_ms();
    va_list args;

    if (*last_ms != 0 && now_ms - *last_ms < SELDOM_MS)
        return;
    *last_ms = now_ms;
    va_start(args, format);
    gv_vlog(level, format, args);
    va_end(args);
}
