/* Peers by their addresses, and the networks that hold them. */
#ifndef GV_HTTP_NETWORK_H
#define GV_HTTP_NETWORK_H

#include "base/slice.h"

#include <sys/socket.h>

/* A peer's address, as small as it goes; AF_UNSPEC (all zero): none. */
typedef struct gv_peer {
    sa_family_t family; /* AF_INET, AF_INET6 or AF_UNIX */
    unsigned char address[16];
} gv_peer;

enum { GV_PEER_TEXT = 48 };

/* From 4 bytes of AF_INET or 16 of AF_INET6.  An IPv4 address that is mapped into IPv6
 * (RFC 4291, section 2.5.5.2) is that IPv4 address. */
gv_peer gv_peer_of(sa_family_t family, const void *address);

/* "192.0.2.1", "2001:db8::1", or "unix". */
gv_slice gv_peer_text(const gv_peer *peer, char text[GV_PEER_TEXT]);

/* Reads an address as proxies write it: "192.0.2.1", "2001:db8::1" or "[2001:db8::1]",
 * the first and the last with or without ":port".  GV_OK or GV_BAD. */
int gv_peer_parse(gv_peer *peer, gv_slice text);

/* The addresses that begin with the same bits. */
typedef struct gv_network {
    gv_peer first;
    unsigned char bits;
} gv_network;

/* All zero is valid and empty. */
typedef struct gv_networks {
    gv_network *at; /* owned */
    size_t count;
} gv_networks;

/* Adds "10.0.0.0/8", "::1/128", or "unix:": every peer on a Unix socket.  GV_OK, or
 * GV_BAD with nothing added. */
int gv_networks_add(gv_networks *networks, gv_slice text);

bool gv_networks_hold(const gv_networks *networks, const gv_peer *peer);

void gv_networks_dispose(gv_networks *networks);

#endif
