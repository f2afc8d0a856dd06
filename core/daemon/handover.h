/* How a guavad lets the next one take its place: what it holds is inherited, and they
 * agree by a channel on the moment.  This is the side of the next one; daemon/upgrade.h
 * is the other.
 *
 * $GUAVAD_HANDOVER names two descriptors: a file that lists what is inherited, a line
 * each, and the channel, SOCK_SEQPACKET.
 *
 *     the list:        guavad-handover 1 | generation N | pidfile PATH
 *                      | socket FD DEVICE INODE | passed FD NAME | shared FD FD
 *     from the next:   alive MS | step TEXT | fault TEXT | failed TEXT
 *                      | ready TEXT | taken
 *     to the next:     yours | done
 *
 * "alive" is the time that it may need until it says more.  A "fault" of the
 * configuration has no log yet; steps it logs itself.  After "ready" the one before
 * lets go of the pidfile ("yours"), and after "taken" it drains ("done"). */
#ifndef GV_DAEMON_HANDOVER_H
#define GV_DAEMON_HANDOVER_H

#include "daemon/error.h"
#include "daemon/sockets.h"

#include <stdbool.h>
#include <stdint.h>

#define GV_HANDOVER_VARIABLE "GUAVAD_HANDOVER"
#define GV_HANDOVER_FORMAT   "guavad-handover 1"

enum { GV_HANDOVER_TEXT = 1024 }; /* longer messages are cut */

/* Takes the variable and what it names, before anything is forked; GV_OK as well where
 * there is none. */
int gv_handover_open(gv_error *error);

/* From then on until gv_handover_confirm(). */
bool gv_handover_is_under_way(void);

/* These do nothing when none is under way. */
void gv_handover_tell(const char *word, const char *text);
void gv_handover_tell_alive(int64_t patience_ms);

/* The number of the last generation before ours; 0: none. */
unsigned gv_handover_generation(void);

/* Gives the sockets to `sockets`, held by nobody. */
void gv_handover_give_sockets(gv_sockets *sockets);

/* Whether the one before holds the pidfile at `path` (NULL: none) until it lets go. */
bool gv_handover_has_pidfile(const char *path);

/* We are ready to serve: waits until the pidfile is free. */
int gv_handover_claim(const char *text, gv_error *error);

/* We have it, or another: removes the one that is not used any more, and waits until the
 * one before has heard. */
void gv_handover_confirm(const char *pidfile);

#endif
