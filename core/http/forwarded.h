/* What trusted proxies say of a request: X-Forwarded-For, -Proto and -Host, Forwarded
 * (RFC 7239), X-Request-ID.
 *
 * Proxies append to what came, so all is read from the right: each address that is
 * trusted vouches for the one to its left, and the first that is not is the client's.
 * What a client has sent itself stands to the left of that and is never looked at. */
#ifndef GV_HTTP_FORWARDED_H
#define GV_HTTP_FORWARDED_H

#include "http/network.h"
#include "http/request.h"

/* Whose word counts. */
typedef enum gv_forwarding {
    GV_FORWARDING_AUTO,        /* X-Forwarded-*; Forwarded where none of them came */
    GV_FORWARDING_X_FORWARDED, /* X-Forwarded-* alone */
    GV_FORWARDING_FORWARDED,   /* Forwarded alone */
    GV_FORWARDINGS
} gv_forwarding;

/* The way of that name ("auto", "x-forwarded", "forwarded"), or GV_FORWARDINGS. */
gv_forwarding gv_forwarding_named(gv_slice name);

/* Sets client, https, host and id of `req`, which came from a trusted peer, as far as
 * something valid is said about them. */
void gv_forwarded_apply(gv_request *req, const gv_networks *trusted,
                        gv_forwarding forwarding);

#endif
