/* What the kernel knows of our processes and sockets. */
#ifndef GV_DAEMON_PROC_H
#define GV_DAEMON_PROC_H

#include <stdint.h>
#include <sys/types.h>

/* The memory of a process that is resident, shared pages and all, in bytes; 0 where it
 * can not be told. */
uint64_t gv_proc_resident(pid_t pid);

/* Connections that wait to be accepted on a listening socket, and for how many the
 * kernel has room.  GV_OK, or GV_DECLINED for a Unix socket, which does not tell. */
int gv_proc_accept_queue(int fd, unsigned *waiting, unsigned *room);

#endif
