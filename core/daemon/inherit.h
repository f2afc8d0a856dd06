/* What a forked child keeps of its master. */
#ifndef GV_DAEMON_INHERIT_H
#define GV_DAEMON_INHERIT_H

#include <stddef.h>

/* Closes every descriptor but the three standard ones and those of `keep`, which
 * is sorted in place and may hold -1 and the same descriptor twice. */
void gv_inherit_descriptors(int *keep, size_t count);

/* As a program finds them that a shell started: nothing ignored, nothing blocked. */
void gv_inherit_no_signals(void);

/* For a worker: what is meant for the master is ignored (a terminal sends SIGINT to
 * all of its processes), and a full file is no reason to die; SIGTERM and SIGQUIT are at
 * their default, nothing is blocked. */
void gv_inherit_worker_signals(void);

#endif
