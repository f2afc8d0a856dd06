/* The only door from guavad to Python.  It is gone through in forked children;
 * the master never initialises the interpreter. */
#ifndef GV_DAEMON_CHILD_H
#define GV_DAEMON_CHILD_H

#include "base/slice.h"
#include "daemon/error.h"
#include "daemon/shared.h"

#include <stdbool.h>

/* What guava.worker.main() is told, or guava.mold.main(); descriptors are inherited. */
typedef struct gv_work {
    gv_slice snapshot;
    const int *listeners;
    size_t listener_count;
    int control;
    int scoreboard;
    gv_shared_files shared;
    unsigned slot;
    unsigned number;
    unsigned generation;
    int error_log;
    int access_log; /* -1: off */
    bool warm_up;
    bool is_mold;
} gv_work;

/* To be called once, first: process titles are written over the command line. */
void gv_child_set_command(int argc, char **argv);

/* The -o options of the command line, for every check from now on; borrowed. */
void gv_child_set_overrides(const char *const *overrides, size_t count);

/* Becomes `python3 -P -m module arguments`, by the interpreter that children run.
 * Returns only with `error` set; `arguments` end with NULL. */
int gv_child_become(const char *module, const char *const *arguments, gv_error *error);

/* Such as "3.11.7". */
const char *gv_child_python_version(void);

/* guava.config.check.main(path=, out=, load=, log=, passed=, overrides=).  The exit
 * status; or GV_FAILED with the reason if Python did not start or raised, the traceback
 * in the error log.  Nothing runs after it but _exit(): threads of the application may be
 * alive. */
int gv_child_check(const char *path, int out, bool load, bool log, gv_error *error);

/* guava.worker.main(), or that of guava.mold, which returns in each of its workers; then
 * the end of the interpreter.  Results as above. */
int gv_child_work(const gv_work *work, gv_error *error);

#endif
