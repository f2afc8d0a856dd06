/* `guavad -s status`: asks a running guavad's status address. */
#ifndef GV_DAEMON_STATUS_VERB_H
#define GV_DAEMON_STATUS_VERB_H

/* Prints how the guavad of `config` is doing.  The exit status: 0 if it answered. */
int gv_status_verb(const char *config);

#endif
