/* `guavad -s VERB`: the side that asks. */
#ifndef GV_DAEMON_VERB_H
#define GV_DAEMON_VERB_H

/* Sends the signal of `verb` to the guavad that `config` names by its pidfile,
 * prints how it goes, and waits until it is done.  The exit status: 0 only if it
 * was done. */
int gv_verb_send(const char *config, const char *verb);

#endif
