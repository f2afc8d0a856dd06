#include "http/proxy_protocol.h"

#include "base/result.h"

#include <arpa/inet.h>

enum {
    LINE_MAX_LEN = 107, /* of version 1, with its CRLF */
    FIXED = 16,         /* of version 2: signature, command, family, length */
    LOCAL = 0x20,
    PROXY = 0x21
};

/* ---- version 1: "PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\n" ---- */

/* Takes the word before the next space off `line`; false where there is none. */
static bool take_word(gv_slice *line, gv_slice *word)
{
    const char *space = line->len > 0 ? memchr(line->at, ' ', line->len) : NULL;

    if (space == NULL)
        return false;
    *word = (gv_slice){line->at, (size_t)(space - line->at)};
    *line = gv_slice_from(*line, word->len + 1);
    return true;
}

static bool is_port(gv_slice text)
{
    unsigned port = 0;

    if (text.len == 0 || text.len > 5 || (text.len > 1 && text.at[0] == '0'))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        port = port * 10 + (unsigned)(text.at[i] - '0');
    }
    return port <= 65535;
}

/* An address as inet_ntop() writes it: without brackets and port. */
static bool take_address(gv_slice *line, sa_family_t family, gv_peer *peer)
{
    char literal[INET6_ADDRSTRLEN];
    unsigned char address[16];
    gv_slice word;

    if (!take_word(line, &word) || word.len >= sizeof(literal))
        return false;
    memcpy(literal, word.at, word.len);
    literal[word.len] = '\0';
    if (strlen(literal) != word.len || inet_pton(family, literal, address) != 1)
        return false;
    *peer = gv_peer_of(family, address);
    return true;
}

/* What stands between "PROXY " and the CRLF. */
static int parse_line(gv_peer *client, gv_slice line)
{
    gv_slice protocol, port;
    gv_peer destination;
    sa_family_t family;

    if (gv_slice_equal(line, GV_SLICE("UNKNOWN")) ||
        gv_slice_starts_with(line, GV_SLICE("UNKNOWN ")))
        return GV_OK;
    if (!take_word(&line, &protocol))
        return GV_BAD;
    if (gv_slice_equal(protocol, GV_SLICE("TCP4")))
        family = AF_INET;
    else if (gv_slice_equal(protocol, GV_SLICE("TCP6")))
        family = AF_INET6;
    else
        return GV_BAD;
    if (!take_address(&line, family, client) ||
        !take_address(&line, family, &destination) || !take_word(&line, &port) ||
        !is_port(port) || !is_port(line))
        return GV_BAD;
    return GV_OK;
}

/* `input` begins with "PROXY ". */
static ssize_t parse_text(gv_proxy_header *header, gv_slice input)
{
    size_t most = input.len < LINE_MAX_LEN ? input.len : LINE_MAX_LEN;
    const char *end = memchr(input.at, '\n', most);
    const char *line = input.at + sizeof("PROXY ") - 1;

    if (end == NULL)
        return most < LINE_MAX_LEN ? GV_AGAIN : GV_BAD;
    if (end[-1] != '\r' ||
        parse_line(&header->client, (gv_slice){line, (size_t)(end - 1 - line)}) !=
            GV_OK)
        return GV_BAD;
    return end + 1 - input.at;
}

/* ---- version 2 ---- */

/* The addresses of each family: how long both are with their ports. */
static const struct {
    sa_family_t family;
    size_t len;
} families[] = {
    {AF_UNSPEC, 0},
    {AF_INET, 2 * (4 + 2)},
    {AF_INET6, 2 * (16 + 2)},
    {AF_UNIX, 2 * 108},
};

/* Further values (TLVs) behind the addresses are passed over. */
static ssize_t parse_binary(gv_proxy_header *header, gv_slice input)
{
    const unsigned char *bytes = (const unsigned char *)input.at;
    unsigned family, transport;
    size_t len;

    if (input.len > 12 && bytes[12] != LOCAL && bytes[12] != PROXY)
        return GV_BAD;
    if (input.len < FIXED)
        return GV_AGAIN;
    family = bytes[13] >> 4;
    transport = bytes[13] & 15;
    len = (size_t)bytes[14] << 8 | bytes[15];
    if (bytes[12] == PROXY && (family >= sizeof(families) / sizeof(families[0]) ||
                               transport > 2 || len < families[family].len))
        return GV_BAD;
    if (input.len < FIXED + len)
        return GV_AGAIN;
    if (bytes[12] == PROXY && transport != 0)
        header->client = gv_peer_of(families[family].family, bytes + FIXED);
    header->is_local = bytes[12] == LOCAL;
    return (ssize_t)(FIXED + len);
}

/* ---- either ---- */

/* GV_OK where `input` begins with `prefix`, GV_AGAIN where it still may. */
static int begins_with(gv_slice input, gv_slice prefix)
{
    size_t len = input.len < prefix.len ? input.len : prefix.len;

    if (len > 0 && memcmp(input.at, prefix.at, len) != 0)
        return GV_BAD;
    return len == prefix.len ? GV_OK : GV_AGAIN;
}

ssize_t gv_proxy_header_parse(gv_proxy_header *header, gv_slice input)
{
    static const struct {
        gv_slice prefix;
        ssize_t (*parse)(gv_proxy_header *, gv_slice);
    } versions[] = {
        {{"PROXY ", 6}, parse_text},
        {{"\r\n\r\n\0\r\nQUIT\n", 12}, parse_binary},
    };

    *header = (gv_proxy_header){.is_local = false};
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        switch (begins_with(input, versions[i].prefix)) {
        case GV_OK:
            return versions[i].parse(header, input);
        case GV_AGAIN:
            return GV_AGAIN;
        default:
            continue;
        }
    }
    return GV_BAD;
}
