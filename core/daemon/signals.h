/* What signals mean to the master: one table of number, `guavad -s` verb, action. */
#ifndef GV_DAEMON_SIGNALS_H
#define GV_DAEMON_SIGNALS_H

#include "daemon/error.h"

struct gv_master;

/* The signal that `guavad -s VERB` sends, and the value that goes with it; 0 for no such
 * verb. */
int gv_signal_of_verb(const char *verb);
int gv_signal_value_of_verb(const char *verb);

/* To be called before the first check, which takes its time: signals that do not
 * mean to end us wait for gv_signals_open(), and SIGXFSZ is ignored. */
void gv_signals_hold(void);

/* Blocks the signals of the table and gives a signalfd for them, or GV_FAILED.
 * Those that whoever started us had set to be ignored are taken all the same. */
int gv_signals_open(gv_error *error);

/* Acts on every signal that has come. */
void gv_signals_dispatch(int fd, struct gv_master *master);

#endif
