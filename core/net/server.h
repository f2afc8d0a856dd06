/* One libuv loop that accepts, reads, has requests answered, and sends. */
#ifndef GV_NET_SERVER_H
#define GV_NET_SERVER_H

#include "base/pace.h"
#include "base/scoreboard.h"
#include "base/share.h"
#include "http/body.h"
#include "http/forwarded.h"
#include "http/response.h"
#include "net/access_log.h"
#include "net/deadline.h"
#include "net/exchange.h"
#include "net/open_file.h"
#include "net/watchdog.h"

#include <errno.h>
#include <uv.h>

/* What a connection can be waiting for too long. */
typedef enum gv_wait {
    GV_WAIT_HEADER,
    GV_WAIT_BODY,
    GV_WAIT_WRITE,
    GV_WAIT_KEEPALIVE,
    GV_WAIT_LINGER, /* after the last answer: for the client to close */
    GV_WAITS
} gv_wait;

_Static_assert((int)GV_WAITS == GV_SLOT_WAITS, "the scoreboard counts them in order");

/* Whether the time is that of a message on its way, which a gv_pace measures; its list
 * of deadlines only says when to look at that. */
static inline bool gv_wait_is_paced(gv_wait wait)
{
    return wait == GV_WAIT_BODY || wait == GV_WAIT_WRITE;
}

/* How long a draining server waits for idle connections, each of which may have its
 * next request on the way. */
typedef enum gv_haste {
    GV_HASTE_NONE,   /* for that request, or the end of the time for it */
    GV_HASTE_SOME,   /* until they have been idle as long as GV_WAIT_LINGER is */
    GV_HASTE_UTMOST, /* not at all */
} gv_haste;

typedef struct gv_server_config {
    gv_parser_limits head;
    gv_body_limits body;  /* `spent` is the server's */
    unsigned connections; /* open at once; more are answered by 503 */
    uint64_t min_rate;    /* bytes a second of a body or reader; 0: none */
    int64_t timeouts_ms[GV_WAITS];
    int64_t request_ms;  /* that application code may run; 0: as long as it likes */
    int64_t graceful_ms; /* for a drain that no master ends */
    bool server_header;
} gv_server_config;

typedef struct gv_conn gv_conn;
typedef struct gv_listener gv_listener;
typedef struct gv_control gv_control;

struct gv_server {
    gv_server_config config;
    gv_router *router; /* borrowed */
    gv_app app;
    void *around;  /* what the application keeps for all requests: borrowed, or NULL */
    gv_slot *slot; /* borrowed: a worker's, or one of its own */
    const gv_scoreboard *board; /* borrowed: where `slot` is; NULL: its own */
    gv_networks trusted;        /* the proxies that speak for others */
    gv_forwarding forwarding;

    uv_loop_t loop;
    uv_timer_t tick;
    uv_prepare_t turn_end;
    uv_signal_t on_term, on_quit, on_int;
    gv_listener *listeners;  /* a list */
    unsigned listener_count; /* how many there ever were */
    uv_timer_t leave_to;     /* a sibling has time until then: see net/listener.h */
    int left_to;             /* its slot, or GV_SHARE_OWN */
    unsigned left_times;     /* one after the other, in vain */
    uint64_t left_at;        /* what it had accepted by then */
    gv_control *control;     /* NULL without a master */

    gv_watchdog *watchdog; /* while it runs, of a worker or with a limit */
    gv_watched watched;
    gv_conn *working; /* requests are taken from it, or it is sent to; or NULL */

    gv_conn *conns; /* all open ones, a list */
    unsigned conn_count;
    gv_conn *spare; /* closed ones kept for re-use, a list */
    unsigned spare_count;
    gv_deadlines deadlines[GV_WAITS];
    gv_pace_rule paces[GV_WAITS]; /* of those that gv_wait_is_paced() tells of */
    gv_deadlines pauses;          /* of streams: see net/pause.h */
    uv_timer_t pause_end;         /* of the first of them */
    uint64_t body_disk_spent;
    int64_t tick_ms;     /* how often `tick` rings */
    int64_t ticked_ms;   /* when it last did */
    int64_t attended_ms; /* see gv_server_attended(), at the last tick */
    bool draining;
    gv_haste haste; /* while it drains */
    bool stopped;

    /* Scratch that every connection uses in its turn. */
    gv_parser parser;
    char *input;   /* GV_INPUT_SIZE bytes */
    gv_buf output; /* answers of one readable event */
    gv_buf path;   /* the decoded path, where it differs from the raw one */
    gv_buf fields; /* of the response being made */
    gv_fixed_fields fixed;
    int64_t wall_offset_ms; /* wall clock less the loop's clock */
    int64_t turn_ns;        /* when the loop's turn began; 0: nobody has asked yet */
    int64_t fresh_ns;       /* when the loop's clock was last true */
    uint64_t last_id;
    uint64_t turn;      /* of the loop, counted: what was looked at in it is still so */
    gv_open_files kept; /* opened in this turn, for its other answers */

    gv_access_log access_log;
    gv_slot own_slot; /* where no scoreboard is shared */
};

enum { GV_INPUT_SIZE = 64 * 1024 };

/* NULL: errno says why there is no loop; one takes five descriptors. */
gv_server *gv_server_new(const gv_server_config *config, gv_router *router, gv_app app);
void gv_server_free(gv_server *server);

/* Before gv_server_run().  GV_OK, or GV_BAD for a format that does not compile. */
int gv_server_set_access_log(gv_server *server, int fd, const char *format);
void gv_server_set_slot(gv_server *server, gv_scoreboard *board, unsigned index);

/* Takes `*trusted` over, which is left empty. */
void gv_server_set_proxies(gv_server *server, gv_networks *trusted,
                           gv_forwarding forwarding);

/* `fd` is copied, and becomes non-blocking.  GV_OK, or GV_FAILED: errno says why it can
 * not be watched. */
int gv_server_listen(gv_server *server, int fd, bool proxy_protocol);

/* The channel to a master, borrowed: see net/control.h.  GV_OK, or GV_FAILED as above. */
int gv_server_set_control(gv_server *server, int fd);

/* Runs until drained or stopped; all connections are closed then.  SIGTERM and SIGQUIT
 * drain in some haste.  Where there is no master so does SIGINT, and a second signal
 * stops. */
void gv_server_run(gv_server *server);

/* Gives up the connection that has been idle the longest between two requests; false
 * where there is none. */
bool gv_server_give_up_idle(gv_server *server);

/* Whether it makes sense to try again what failed with `error`: descriptors had run out,
 * and an idle client has given one back.  errno is `error` afterwards. */
bool gv_server_find_descriptor(gv_server *server, int error);

static inline bool gv_server_is_short_of(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM;
}

/* Accepts some of the connections that wait, where its share allows. */
void gv_server_look(gv_server *server);

/* The `index`-th socket of gv_server_listen() is accepted from until a drain ends:
 * nobody else serves there. */
void gv_server_keep_listening(gv_server *server, unsigned index);

/* Accepts no more, lets what runs finish, then ends gv_server_run().  May be repeated
 * with more haste. */
void gv_server_drain(gv_server *server, gv_haste haste);

/* For gv_conn: one is gone, and with the last one a draining server ends. */
void gv_server_end_if_drained(gv_server *server);

/* Ends gv_server_run() now. */
void gv_server_stop(gv_server *server);

/* A clock in milliseconds that goes on only while the loop attends to its connections:
 * what application code holds it up for is not the clients' fault. */
int64_t gv_server_attended(const gv_server *server);

/* The loop's time, and the wall clock's in seconds. */
static inline int64_t gv_server_now(const gv_server *server)
{
    return (int64_t)uv_now(&server->loop);
}

/* After application code, which may have taken its time. */
static inline void gv_server_update_now(gv_server *server)
{
    uv_update_time(&server->loop);
}

/* When the events of this turn were seen, in gv_clock_monotonic_ns(). */
int64_t gv_server_turn(gv_server *server);

/* At `now_ns`: has the loop's clock go on where application code has taken its time. */
void gv_server_catch_up(gv_server *server, int64_t now_ns);

static inline int64_t gv_server_wall(const gv_server *server)
{
    return (gv_server_now(server) + server->wall_offset_ms) / 1000;
}

#endif
