/* The header of HAProxy's PROXY protocol, versions 1 and 2, by which a proxy names the
 * client before the first byte of the connection itself. */
#ifndef GV_HTTP_PROXY_PROTOCOL_H
#define GV_HTTP_PROXY_PROTOCOL_H

#include "http/network.h"

#include <sys/types.h>

typedef struct gv_proxy_header {
    gv_peer client; /* AF_UNSPEC where the proxy names none */
    bool is_local;  /* there is none: the connection is the proxy's own */
} gv_proxy_header;

/* The header's length, GV_AGAIN if `input` stops short, or GV_BAD if it is malformed or
 * something else. */
ssize_t gv_proxy_header_parse(gv_proxy_header *header, gv_slice input);

#endif
