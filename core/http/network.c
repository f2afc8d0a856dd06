#include "http/network.h"

#include "base/mem.h"
#include "base/result.h"

#include <arpa/inet.h>
#include <stdlib.h>

enum { MAPPED = 12 /* bytes before the IPv4 address in a mapped one */ };

static bool is_mapped(const unsigned char address[16])
{
    static const unsigned char prefix[MAPPED] = {[10] = 0xff, [11] = 0xff};

    return memcmp(address, prefix, MAPPED) == 0;
}

gv_peer gv_peer_of(sa_family_t family, const void *address)
{
    const unsigned char *bytes = address;
    gv_peer peer = {.family = family};

    if (family == AF_INET6 && is_mapped(bytes))
        return gv_peer_of(AF_INET, bytes + MAPPED);
    if (family == AF_INET || family == AF_INET6)
        memcpy(peer.address, bytes, family == AF_INET ? 4 : 16);
    return peer;
}

gv_slice gv_peer_text(const gv_peer *peer, char text[GV_PEER_TEXT])
{
    if (peer->family == AF_UNIX)
        return GV_SLICE("unix");
    if (inet_ntop(peer->family, peer->address, text, GV_PEER_TEXT) == NULL)
        return GV_SLICE("-");
    return gv_slice_of(text);
}

/* A literal address of that family and nothing else. */
static int parse_literal(gv_peer *peer, sa_family_t family, gv_slice text)
{
    char literal[INET6_ADDRSTRLEN];
    unsigned char address[16];

    if (text.len >= sizeof(literal) || memchr(text.at, '\0', text.len) != NULL)
        return GV_BAD;
    memcpy(literal, text.at, text.len);
    literal[text.len] = '\0';
    if (inet_pton(family, literal, address) != 1)
        return GV_BAD;
    *peer = gv_peer_of(family, address);
    return GV_OK;
}

/* Nothing, or ":" and a port. */
static bool is_port(gv_slice text)
{
    if (text.len == 0)
        return true;
    if (text.at[0] != ':' || text.len < 2 || text.len > 6)
        return false;
    for (size_t i = 1; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    }
    return true;
}

static int parse_bracketed(gv_peer *peer, gv_slice text)
{
    const char *end = memchr(text.at, ']', text.len);
    size_t len = end != NULL ? (size_t)(end - text.at) : 0;

    if (end == NULL || !is_port(gv_slice_from(text, len + 1)))
        return GV_BAD;
    return parse_literal(peer, AF_INET6, (gv_slice){text.at + 1, len - 1});
}

int gv_peer_parse(gv_peer *peer, gv_slice text)
{
    const char *colon;

    if (text.len == 0)
        return GV_BAD;
    if (text.at[0] == '[')
        return parse_bracketed(peer, text);
    colon = memchr(text.at, ':', text.len);
    if (colon == NULL)
        return parse_literal(peer, AF_INET, text);
    if (memchr(text.at, '.', (size_t)(colon - text.at)) == NULL)
        return parse_literal(peer, AF_INET6, text);
    if (!is_port(gv_slice_from(text, (size_t)(colon - text.at))))
        return GV_BAD;
    return parse_literal(peer, AF_INET, (gv_slice){text.at, (size_t)(colon - text.at)});
}

/* ---- networks ---- */

/* The number of bits behind the slash, or -1. */
static int parse_bits(gv_slice text, int most)
{
    int bits = 0;

    if (text.len == 0 || text.len > 3)
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return -1;
        bits = bits * 10 + (text.at[i] - '0');
    }
    return bits <= most ? bits : -1;
}

/* A network of mapped addresses is one of IPv4, as its addresses are. */
static int parse_network(gv_network *network, gv_slice text)
{
    const char *slash = memchr(text.at, '/', text.len);
    size_t len = slash != NULL ? (size_t)(slash - text.at) : 0;
    gv_slice address = {text.at, len};
    bool is_v4 = memchr(text.at, ':', text.len) == NULL;
    int bits;

    if (slash == NULL ||
        parse_literal(&network->first, is_v4 ? AF_INET : AF_INET6, address) != GV_OK)
        return GV_BAD;
    bits = parse_bits(gv_slice_from(text, len + 1), is_v4 ? 32 : 128);
    if (!is_v4 && network->first.family == AF_INET)
        bits -= 8 * MAPPED;
    if (bits < 0)
        return GV_BAD;
    network->bits = (unsigned char)bits;
    return GV_OK;
}

int gv_networks_add(gv_networks *networks, gv_slice text)
{
    gv_network network = {.first = {.family = AF_UNIX}};

    if (!gv_slice_equal(text, GV_SLICE("unix:")) &&
        (text.len == 0 || parse_network(&network, text) != GV_OK))
        return GV_BAD;
    networks->at =
        gv_realloc(networks->at, (networks->count + 1) * sizeof(*networks->at));
    networks->at[networks->count++] = network;
    return GV_OK;
}

static bool holds(const gv_network *network, const gv_peer *peer)
{
    size_t bytes = network->bits / 8;
    unsigned rest = network->bits % 8;

    if (network->first.family != peer->family ||
        memcmp(network->first.address, peer->address, bytes) != 0)
        return false;
    return rest == 0 ||
           (network->first.address[bytes] ^ peer->address[bytes]) >> (8 - rest) == 0;
}

bool gv_networks_hold(const gv_networks *networks, const gv_peer *peer)
{
    for (size_t i = 0; i < networks->count; i++) {
        if (holds(&networks->at[i], peer))
            return true;
    }
    return false;
}

void gv_networks_dispose(gv_networks *networks)
{
    free(networks->at);
    *networks = (gv_networks){0};
}
