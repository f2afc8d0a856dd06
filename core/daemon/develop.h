/* `guavad --dev`: guava.dev watches the files, and runs a guavad that it tells to reload. */
#ifndef GV_DAEMON_DEVELOP_H
#define GV_DAEMON_DEVELOP_H

#include "daemon/options.h"

/* Becomes guava.dev.  Returns only with `error` set. */
int gv_develop_run(const gv_options *options, gv_error *error);

/* In the guavad that it runs: stop when it ends, however that may be. */
void gv_develop_stay_below(void);

#endif
