/* The check child: the only reader of the configuration file.  It embeds Python,
 * reads and validates, and tells the master the few settings it needs, or every
 * fault that it found. */
#ifndef GV_DAEMON_CHECK_H
#define GV_DAEMON_CHECK_H

#include "base/buf.h"
#include "daemon/error.h"
#include "daemon/settings.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* For reading the file; importing the application has a time of its own. */
enum { GV_CHECK_LIMIT_MS = 60000 };

typedef enum gv_check_depth {
    GV_CHECK_FILE,        /* reads and validates */
    GV_CHECK_APPLICATION, /* imports the application as well */
    GV_CHECK_FOR_START    /* the same, with tracebacks in the configured error log */
} gv_check_depth;

typedef struct gv_check {
    pid_t pid; /* 0: no check is under way */
    int fd;    /* what it says; -1 once all is read */
    gv_buf output;
    int64_t limit_ms; /* its time: the limit above, then timeouts.start */
    int64_t due_ms;   /* when it is up; gv_clock_monotonic_ms() */
    bool is_timed;    /* it has said how long it may take */
    bool too_slow;
} gv_check;

/* Forks the child. */
int gv_check_start(gv_check *check, const char *path, gv_check_depth depth,
                   gv_error *error);

/* Takes what there is to read, without waiting. */
void gv_check_read(gv_check *check);

/* Kills a child whose time is up; its end is then reported like any other. */
void gv_check_enforce_limit(gv_check *check);

/* When the child has ended with `status`: GV_OK with `settings` to be disposed of,
 * or GV_FAILED with at least one line in `faults`.  `check` is idle again. */
int gv_check_finish(gv_check *check, int status, gv_settings *settings, gv_buf *faults);

/* Kills the child and waits for it. */
void gv_check_cancel(gv_check *check);

/* All of the above at once, waiting for the end; for a process that has nothing
 * else to do. */
int gv_check_run(const char *path, gv_check_depth depth, gv_settings *settings,
                 gv_buf *faults);

/* Takes the next line off `faults`; false: there are no more. */
bool gv_fault_next(gv_slice *faults, gv_slice *line);

/* Prints each on a line of its own on standard error. */
void gv_faults_print(const gv_buf *faults);

#endif
