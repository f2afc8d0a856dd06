/* What the master knows of a configuration: a few plain settings for itself, and
 * the snapshot, which only workers understand. */
#ifndef GV_DAEMON_SETTINGS_H
#define GV_DAEMON_SETTINGS_H

#include "base/log.h"
#include "base/slice.h"
#include "daemon/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Who workers become; a user comes with a group. */
typedef struct gv_identity {
    bool has_uid, has_gid;
    uid_t uid;
    gid_t gid;
    char *name; /* of the user, for its further groups; NULL: none */
} gv_identity;

typedef struct gv_settings {
    char **listen; /* "tcp HOST PORT" or "unix PATH MODE", `listen_count` of them */
    size_t listen_count;
    char **status_listen; /* the same of status.listen */
    size_t status_listen_count;
    char **routers; /* "TYPE MOUNT_POINT" of each, in file order */
    size_t router_count;
    unsigned workers;
    unsigned backlog;
    unsigned daemon;
    unsigned preload; /* workers are forked from a mold */
    char *pidfile;    /* NULL: none */
    char *directory;  /* workers run there */
    gv_identity identity;
    int64_t graceful_ms;
    int64_t request_ms;        /* 0: requests run as long as they like */
    int64_t start_ms;          /* for importing the application */
    unsigned recycle_requests; /* a worker that has as many is replaced; 0: never */
    int64_t recycle_memory;    /* so is one of as many bytes, */
    int64_t recycle_age_ms;    /* and one that is as old */
    unsigned at_once;          /* how many are replaced at a time */
    gv_level log_level;
    unsigned log_json; /* the error log has one JSON object a line */
    char *error_log;   /* "stderr", "stdout" or a path */
    char *access_log;  /* the same, or "off" */

    char *source; /* all that the check said, of which the snapshot is a part */
    size_t source_len;
    const char *snapshot;
    size_t snapshot_len;
} gv_settings;

/* Reads what a successful check child wrote: `key=value` lines, an empty line, the
 * snapshot.  GV_OK, or GV_FAILED with `settings` disposed of. */
int gv_settings_parse(gv_settings *settings, gv_slice output, gv_error *error);

/* The same once more, to be disposed of too. */
void gv_settings_copy(gv_settings *copy, const gv_settings *settings);

void gv_settings_dispose(gv_settings *settings);

#endif
