/* The open log files of one generation. */
#ifndef GV_DAEMON_LOGS_H
#define GV_DAEMON_LOGS_H

#include "daemon/error.h"
#include "daemon/settings.h"

typedef struct gv_logs {
    int error;
    int access; /* -1: off */
} gv_logs;

#define GV_LOGS_CLOSED ((gv_logs){-1, -1})

/* Opens what `settings` name, for appending.  GV_FAILED leaves `logs` as it was. */
int gv_logs_open(gv_logs *logs, const gv_settings *settings, gv_error *error);

/* The same files again, by name, as after a rotation.  GV_FAILED leaves the ones
 * that are open in use. */
int gv_logs_reopen(gv_logs *logs, const gv_settings *settings, gv_error *error);

void gv_logs_close(gv_logs *logs);

#endif
