/* The error log: one line a message, written with one write(2), so that lines
 * of several processes do not mix.
 *
 *     2026-11-23 16:00:00.123 [info] master 4711: generation 1 serves
 *
 * A line break inside a message (a traceback) is followed by a tab; other
 * control characters become \xNN, so nobody forges a line. */
#ifndef GV_BASE_LOG_H
#define GV_BASE_LOG_H

#include <stdarg.h>
#include <stdint.h>

typedef enum gv_level { GV_DEBUG, GV_INFO, GV_WARNING, GV_ERROR } gv_level;

/* Where lines go from now on; standard error until this is called.
 * The descriptor is borrowed. */
void gv_log_set_fd(int fd);
int gv_log_fd(void);

void gv_log_set_level(gv_level least);

/* What stands before the message, such as "worker 2"; copied, cut at 63 bytes.
 * The process id is added by the log. */
void gv_log_set_name(const char *name);

void gv_log(gv_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void gv_vlog(gv_level level, const char *format, va_list args);

/* As gv_log(), at most once a minute for each place: a fault that every request meets
 * must not fill the disk.  `*last_ms` begins as 0. */
void gv_log_seldom(int64_t *last_ms, gv_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The level called "debug", "info", "warning" or "error"; -1 for no such. */
int gv_level_parse(const char *name);

#endif
