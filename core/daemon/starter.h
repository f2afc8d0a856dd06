/* Whoever started guavad waits to hear whether it serves: the shell through the
 * exit status and standard error; with -d, a process that waits in our place; in an
 * upgrade, the guavad before. */
#ifndef GV_DAEMON_STARTER_H
#define GV_DAEMON_STARTER_H

#include "daemon/error.h"

/* Leaves the terminal: the rest runs in a process and session of its own, with
 * /dev/null as standard streams.  The process that called stays, and exits 0 on
 * gv_starter_succeed(), else non-zero with the reason on standard error. */
int gv_starter_detach(gv_error *error);

/* The workers are ready.  To be called once, as is the other. */
void gv_starter_succeed(void);

/* It did not come to that; `reason` is one line. */
void gv_starter_fail(const char *reason);

#endif
