/* The sockets that guavad was started with, by the protocol of sd_listen_fds(3).  They
 * belong to whoever passed them: they stay open for as long as the master lives, and
 * none is bound, set up or removed by us. */
#ifndef GV_DAEMON_PASSED_H
#define GV_DAEMON_PASSED_H

#include <stddef.h>

/* Takes $LISTEN_FDS, $LISTEN_PID and $LISTEN_FDNAMES, before anything is forked. */
void gv_passed_open(void);

/* One more; `name` is copied, the descriptor is ours from then on. */
void gv_passed_add(int fd, const char *name);

size_t gv_passed_count(void);

/* Of the socket at `index`, which is below the count. */
int gv_passed_fd(size_t index);
const char *gv_passed_name(size_t index);

/* Why it can not be served on, or NULL. */
const char *gv_passed_fault(size_t index);

#endif
