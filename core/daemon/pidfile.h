/* The file that names the running guavad.  The process holds a record lock on it
 * (fcntl), which its children do not inherit and which ends with it, so the lock
 * and not the number says whether a guavad runs. */
#ifndef GV_DAEMON_PIDFILE_H
#define GV_DAEMON_PIDFILE_H

#include "daemon/error.h"

#include <stdbool.h>
#include <sys/types.h>

typedef struct gv_pidfile {
    char *path; /* NULL: there is none */
    int fd;
} gv_pidfile;

#define GV_PIDFILE_NONE ((gv_pidfile){NULL, -1})

/* Creates, locks and writes the file; `path` may be NULL for none.  GV_FAILED when
 * it can not be written, or when another guavad holds it, which `error` names. */
int gv_pidfile_open(gv_pidfile *pidfile, const char *path, gv_error *error);

/* Whether `path` (NULL: no file) is where this one is, by whatever way it gets there:
 * to open it once more and close that would end the lock. */
bool gv_pidfile_is_at(const gv_pidfile *pidfile, const char *path);

/* Removes the file, if it is still the one that was locked, and lets go of it. */
void gv_pidfile_close(gv_pidfile *pidfile);

/* Lets go of the file and leaves it there, for the guavad that comes next; its path, to
 * be freed, or NULL if there is none. */
char *gv_pidfile_let_go(gv_pidfile *pidfile);

/* The guavad that holds the file at `path`; GV_FAILED if none does. */
int gv_pidfile_find(const char *path, pid_t *pid, gv_error *error);

#endif
