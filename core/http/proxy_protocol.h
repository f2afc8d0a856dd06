/* The header of HAProxy's PROXY protocol, versions 1 and 2, by which a proxy names the
 * client before the first byte of the connection itself. */
#ifndef GV_HTTP_PROXY_PROTOCOL_H
#define GV_HTTP_PROXY_PROTOCOL_H

#include "http/network.h"

#include <sys/types.h>

/* The header's length, GV_AGAIN if `input` stops short, or GV_BAD if it is malformed or
 * something else.  `source` is the client, or AF_UNSPEC where the proxy names none: it
 * speaks for itself (LOCAL), or does not know (UNKNOWN, UNSPEC). */
ssize_t gv_proxy_header_parse(gv_peer *source, gv_slice input);

#endif
