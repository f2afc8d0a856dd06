/* One client.  Owned by its server from gv_conn_open() until on_closed(). */
#ifndef GV_NET_CONN_H
#define GV_NET_CONN_H

#include "http/body.h"
#include "net/logged.h"
#include "net/sender.h"
#include "net/server.h"

typedef enum gv_conn_state {
    GV_CONN_READING,   /* a request may come, or is coming */
    GV_CONN_SENDING,   /* an answer waits for the socket; nothing is read meanwhile */
    GV_CONN_LINGERING, /* the last answer is out; what still comes is thrown away, since
                        * closing on unread bytes would reset the connection and take
                        * the answer with it (RFC 9112, section 9.6) */
    GV_CONN_CLOSED
} gv_conn_state;

typedef struct gv_upload gv_upload;

struct gv_conn {
    /* while the socket lives */
    uv_poll_t poll; /* first: uv gives us this address back */
    gv_server *server;
    gv_conn *prev, *next;
    gv_deadline deadline;
    gv_buf pending; /* input that could not be used yet */
    size_t parsed;  /* how long `pending` was when it last fell short of a head */
    size_t most;    /* how long that head may become: see gv_parser */
    int fd;
    int events; /* what `poll` waits for */
    gv_peer peer;
    bool trusted;    /* `peer` may speak for others */
    bool preface;    /* the PROXY protocol's header comes first */
    bool https;      /* so are its requests, unless a trusted peer denies it */
    uint8_t state;   /* gv_conn_state */
    uint8_t waiting; /* gv_wait: which list `deadline` is in */
    bool last;       /* no request after this one: close when all is sent */
    bool linger;     /* and bytes of the client may be unread then */
    bool resets;     /* see gv_conn_end_by_closing() */

    /* while one request lives */
    gv_upload *upload;   /* NULL unless its body is still coming */
    gv_sending *sending; /* NULL unless its answer is still going out */
    gv_logged *logged;   /* the access log's line for `sending` */
};

/* Of the deadline in it. */
static inline gv_conn *gv_conn_of(gv_deadline *deadline)
{
    return (gv_conn *)((char *)deadline - offsetof(gv_conn, deadline));
}

/* Takes `fd` over.  With `proxy_protocol` its header comes before the first request.
 * Borrowed; NULL where it could not be watched and is closed. */
gv_conn *gv_conn_open(gv_server *server, int fd, const gv_peer *peer,
                      bool proxy_protocol);

/* Closes at once; whatever was under way is dropped. */
void gv_conn_close(gv_conn *conn);

/* Only the end of the connection ends the answer: until gv_conn_finish(), it is reset by
 * whatever closes it, the end of the process too, so that it does not look whole. */
void gv_conn_end_by_closing(gv_conn *conn);

/* All answers are out and no request is to follow. */
void gv_conn_finish(gv_conn *conn);

/* The state to be in while waiting for `events`, at most for that kind of time-out. */
void gv_conn_wait(gv_conn *conn, gv_conn_state state, int events, gv_wait waiting);

/* Its deadline for `conn->waiting` has come.  All that had happened by `seen_ms` of
 * gv_server_attended() has been read; a message that is in time gets another deadline. */
void gv_conn_time_out(gv_conn *conn, int64_t seen_ms);

/* Whether it waits for its next request, and no byte of that is there. */
bool gv_conn_is_idle(const gv_conn *conn);

/* The server drains: an idle connection has as long to live as the server's haste gives
 * it; any other leaves after its answer. */
void gv_conn_drain(gv_conn *conn);

/* Gives back what the sent answer held. */
void gv_conn_end_sending(gv_conn *conn);

#endif
