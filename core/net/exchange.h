/* One request and its answer, while the answer is being made. */
#ifndef GV_NET_EXCHANGE_H
#define GV_NET_EXCHANGE_H

#include "base/buf.h"
#include "http/request.h"
#include "http/request_id.h"
#include "net/payload.h"
#include "route/router.h"

typedef struct gv_server gv_server;

typedef struct gv_response {
    int status;
    gv_slice content_type; /* alive until the head is written; empty: none */
    gv_buf fields;         /* further field lines, each with its CRLF */
    gv_payload payload;
    bool close; /* the connection is not to be used again */
} gv_response;

/* Everything here is borrowed for the time of the call that it is passed to. */
typedef struct gv_exchange {
    gv_server *server;
    const gv_peer *peer; /* the client, maybe by a trusted proxy's word */
    const gv_request *req;
    gv_slice head; /* the bytes that slices in `req` point into */
    gv_slice path; /* decoded, see http/path.h */
    gv_slice body; /* where it is in memory */
    int body_fd;   /* where it is in a file, else -1 */
    uint64_t body_len;
    uint64_t id;
    gv_method method; /* that it is routed by: the request's, unless the application has
                       * set another */
    int router;       /* the number of the mount that has answered; -1: none */
    void *request; /* the application's object for it, owned by whoever set it; NULL */
    void *failure; /* what the application has raised, while that is answered; NULL */
    bool is_failing; /* the application answers an error, or is not to be asked to */
    gv_response res;
    gv_match match; /* last: its arguments, at its end, begin with no value */
} gv_exchange;

/* Fills ex->res and returns GV_OK; anything else leaves it to others. */
typedef int gv_answerer(gv_exchange *ex);

/* What answers the requests that the engine does not answer by itself. */
typedef struct gv_app {
    void *ctx;
    /* Fills ex->res and returns GV_OK; GV_DECLINED, or GV_BAD_METHOD with what
     * ex->match.allow has then: ask the next router. */
    int (*handle)(void *ctx, gv_exchange *ex);
    /* Has `inner` answer, within what the application keeps `around` the server or a
     * mount, which may answer in its place.  Returns GV_OK, or what `inner` did. */
    int (*surround)(void *around, gv_exchange *ex, gv_answerer *inner);
    /* Has `handler`, of a gv_own_page, answer an error.  GV_OK; or anything else where it
     * could not, and ex->res has the fields that it had. */
    int (*answer_error)(void *handler, gv_exchange *ex, int status);
} gv_app;

/* What the request is named by: a trusted proxy's name for it, or else `ex->id`, which is
 * written to `text`. */
gv_slice gv_exchange_id(const gv_exchange *ex, char text[GV_REQUEST_ID_TEXT]);

/* Routes the request and has it answered: ex->res is whole afterwards. */
void gv_exchange_run(gv_exchange *ex);

/* The page that goes with an error status: a router's own, which the application may make,
 * or the small built-in one. */
void gv_exchange_error(gv_exchange *ex, int status);

/* The same with what the client is told beside the status, UTF-8, in the built-in page:
 * a router's own is sent as it is. */
void gv_exchange_error_detail(gv_exchange *ex, int status, gv_slice detail);

/* The same for 503, and when to ask again. */
void gv_exchange_unavailable(gv_exchange *ex);

/* `location` may come from the application: a value with line breaks is a 500. */
void gv_exchange_redirect(gv_exchange *ex, int status, gv_slice location);

/* To the same path with a slash behind it, the query kept. */
void gv_exchange_redirect_to_slash(gv_exchange *ex);

/* Appends a field line; name and value are known to be valid. */
void gv_exchange_field(gv_exchange *ex, gv_slice name, gv_slice value);

/* A body that the response owns: moved out of `text`, which is left empty. */
void gv_exchange_body(gv_exchange *ex, gv_slice content_type, gv_buf *text);

#endif
