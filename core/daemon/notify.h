/* What systemd is told, by the protocol of sd_notify(3): datagrams of assignments to
 * the socket that $NOTIFY_SOCKET names.  Without one, none of this does anything.
 *
 * The socket is the master's alone: it is taken out of the environment, and a child
 * does not inherit it. */
#ifndef GV_DAEMON_NOTIFY_H
#define GV_DAEMON_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Takes $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID, before anything is forked. */
void gv_notify_open(void);

/* What guavad is doing, in one line for people. */
void gv_notify_status(const char *text);

/* It serves: at the start and after each reload, whether that was done or failed. */
void gv_notify_ready(const char *text);

void gv_notify_reloading(void);
void gv_notify_stopping(const char *text);

/* Another process is the one that serves from now on, and speaks for itself. */
void gv_notify_hand_over(pid_t pid, const char *text);

/* When the watchdog is to be looked after next; GV_NEVER where there is none. */
int64_t gv_notify_due(void);

/* How long a worker may be silent before the watchdog is to find out. */
int64_t gv_notify_patience_ms(void);

/* At that time: tells the watchdog that all is well, if it is. */
void gv_notify_beat(bool is_well);

/* Says nothing for as long as another process is the one that serves. */
void gv_notify_mute(bool is_mute);

/* In a child that is to be the next master: puts back what was taken. */
void gv_notify_restore(void);

#endif
