#include "http/host.h"

#include "http/chars.h"

#include <arpa/inet.h>

/* "[address]" of IPv6 at the start of `text`; 0 where it is malformed. */
static size_t bracketed_len(gv_slice text)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr unused;
    const char *end = memchr(text.at, ']', text.len);
    size_t len = end != NULL ? (size_t)(end - text.at) - 1 : sizeof(address);

    if (len >= sizeof(address))
        return 0;
    memcpy(address, text.at + 1, len);
    address[len] = '\0';
    return inet_pton(AF_INET6, address, &unused) == 1 ? len + 2 : 0;
}

/* Whether each '%' of `text` begins an escape. */
static bool escapes_valid(gv_slice text)
{
    const char *end = text.at + text.len;
    const char *at = text.at;

    while ((at = memchr(at, '%', (size_t)(end - at))) != NULL) {
        if (end - at < 3 || gv_hex_value(at[1]) < 0 || gv_hex_value(at[2]) < 0)
            return false;
        at += 3;
    }
    return true;
}

bool gv_host_valid(gv_slice host)
{
    size_t len;

    if (host.len == 0)
        return false;
    len = host.at[0] == '[' ? bracketed_len(host) : gv_reg_name_span(host);
    if (len == 0 || !escapes_valid((gv_slice){host.at, len}))
        return false;
    if (len == host.len)
        return true;
    if (host.at[len++] != ':')
        return false;
    while (len < host.len && host.at[len] >= '0' && host.at[len] <= '9')
        len++;
    return len == host.len;
}

/* `host` without `port`. */
static gv_slice without_port(gv_slice host, gv_slice port)
{
    if (host.len > port.len &&
        memcmp(host.at + host.len - port.len, port.at, port.len) == 0)
        host.len -= port.len;
    return host;
}

bool gv_host_equal(gv_slice a, gv_slice b, gv_slice implied_port)
{
    return gv_slice_equal_nocase(without_port(a, implied_port),
                                 without_port(b, implied_port));
}
