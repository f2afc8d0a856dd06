/* The error log: one line a message, written with one write(2), so that lines
 * of several processes do not mix.
 *
 *     2026-11-23 16:00:00.123 [info] worker 2 (generation 1) 4711: on my way
 *
 * A line break inside a message (a traceback) is followed by a tab; other
 * control characters become \xNN, so nobody forges a line.  Or, as JSON:
 *
 *     {"time":"2026-11-23T15:00:00.123Z","level":"info","process":"worker 2",
 *      "pid":4711,"generation":1,"message":"on my way"}
 *
 * on one line, with further fields where there are some. */
#ifndef GV_BASE_LOG_H
#define GV_BASE_LOG_H

#include "base/scoreboard.h"

#include <stdarg.h>
#include <stdbool.h>
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

/* The generation that the process belongs to; 0, as it begins: none. */
void gv_log_set_generation(unsigned generation);

/* One JSON object a line, instead of the plain form. */
void gv_log_set_json(bool json);

/* Lines of the calling thread tell, as fields, of the request that runs in `slot`
 * (borrowed), if one does; NULL ends that. */
void gv_log_set_slot(const gv_slot *slot);

/* What a line tells apart from its message, which has it too, in its own words: the
 * plain form leaves it out. */
typedef struct gv_log_field {
    const char *name; /* trusted */
    const char *text; /* NULL: `number` is the value */
    int64_t number;
} gv_log_field;

void gv_log_fields(gv_level level, const gv_log_field *fields, size_t count,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

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
