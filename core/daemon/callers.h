/* Who asked for something with `guavad -s`, and what they are told.
 *
 * The caller listens on a datagram socket at an abstract address made from its
 * process id, which the master learns with the signal.  Each datagram is a word
 * and a text: "step TEXT" any number of times, and one "done TEXT" or "failed
 * TEXT". */
#ifndef GV_DAEMON_CALLERS_H
#define GV_DAEMON_CALLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

enum { GV_CALLER_TEXT = 1024 }; /* longer texts are cut */

/* All zero is valid and empty. */
typedef struct gv_callers {
    pid_t *pids;
    size_t count;
} gv_callers;

/* The address at which the process `pid` listens. */
socklen_t gv_caller_address(struct sockaddr_un *address, pid_t pid);

/* Once, however often it is added; 0 stands for a signal nobody waits for. */
void gv_callers_add(gv_callers *callers, pid_t pid);

bool gv_callers_include(const gv_callers *callers, pid_t pid);

/* Best effort: a caller that went away is not an error. */
void gv_callers_tell(const gv_callers *callers, const char *word, const char *text);

/* Tells the last word, and forgets them. */
void gv_callers_dismiss(gv_callers *callers, const char *word, const char *text);

#endif
