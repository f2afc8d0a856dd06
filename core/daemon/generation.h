/* The set of workers that one successful check of the configuration produced. */
#ifndef GV_DAEMON_GENERATION_H
#define GV_DAEMON_GENERATION_H

#include "daemon/logs.h"
#include "daemon/settings.h"
#include "daemon/slots.h"
#include "daemon/sockets.h"
#include "daemon/worker.h"

typedef enum gv_generation_state {
    GV_GENERATION_STARTING, /* first one worker, then the rest, until all are ready */
    GV_GENERATION_SERVING,  /* whoever dies is started again */
    GV_GENERATION_DRAINING  /* whoever leaves is gone */
} gv_generation_state;

typedef struct gv_generation {
    struct gv_generation *next;
    unsigned number; /* 1, 2, ... */
    gv_generation_state state;
    gv_settings settings;
    gv_logs logs;
    gv_socket_set listeners;        /* once it drains: the addresses that are dropped */
    gv_socket_set status_listeners; /* of status.listen, until it serves */
    gv_sockets *sockets;            /* borrowed: where `listeners` are from */
    gv_slots *slots;                /* borrowed */
    gv_worker *workers;             /* in order of their numbers, a mold first */
    unsigned target;                /* how many workers it is to have */
    int64_t looked_ms;              /* at the running requests, last */
    bool is_moldless;               /* its mold was found unfit */
    bool hurried;                   /* its idle connections have had their time */
} gv_generation;

/* A STARTING generation with its log files open, no sockets and no workers.  Takes
 * `settings` over, also where it returns NULL (a log can not be opened). */
gv_generation *gv_generation_new(unsigned number, gv_settings *settings,
                                 gv_sockets *sockets, gv_slots *slots, gv_error *error);

/* There must be no workers any more. */
void gv_generation_free(gv_generation *generation);

int gv_generation_listen(gv_generation *generation, gv_error *error);

/* Takes the next step: starts, kills and forgets the workers that are due. */
void gv_generation_advance(gv_generation *generation);

/* The next time that advance has something to do; GV_NEVER if only an event can
 * bring it on. */
int64_t gv_generation_due(const gv_generation *generation);

/* Hears all workers. */
void gv_generation_hear(gv_generation *generation);

/* The worker with this process id, or NULL. */
gv_worker *gv_generation_find(const gv_generation *generation, pid_t pid);

/* A worker is ready: the application can be imported, and answers the warm-up. */
bool gv_generation_has_canary(const gv_generation *generation);

/* All workers that it is to have are ready. */
bool gv_generation_is_ready(const gv_generation *generation);

/* Why a STARTING one can not get ready, or NULL. */
const char *gv_generation_failure(const gv_generation *generation);

/* `successor` serves now: has every worker leave when its clients have.  Sockets that
 * the successor does not have are accepted from until then. */
void gv_generation_drain(gv_generation *generation, const gv_generation *successor);

/* It does not become one that serves; `serving` goes on.  Workers that are ready have
 * accepted clients already, and finish their requests. */
void gv_generation_discard(gv_generation *generation, const gv_generation *serving);

/* In a drain, waits no longer for clients that seem to have nothing to ask. */
void gv_generation_hurry(gv_generation *generation);

/* Nobody serves any more: lets go of the sockets and has every worker leave, after its
 * requests, or, for stop, at once. */
void gv_generation_quit(gv_generation *generation);
void gv_generation_stop(gv_generation *generation);

/* One worker more or fewer; a generation keeps one. */
void gv_generation_grow(gv_generation *generation);
void gv_generation_shrink(gv_generation *generation);

/* Opens the log files anew and hands them to the workers. */
int gv_generation_reopen_logs(gv_generation *generation, gv_error *error);

#endif
