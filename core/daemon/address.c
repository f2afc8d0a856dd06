#include "daemon/address.h"

#include "base/mem.h"
#include "base/result.h"
#include "daemon/passed.h"

#include <netdb.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool gv_address_is_unix(const gv_address *address)
{
    return address->at.any.sa_family == AF_UNIX;
}

static int parse_unix(gv_address *address, const char *path, const char *mode)
{
    struct sockaddr_un *un = &address->at.un;
    size_t len = strlen(path);

    if (len >= sizeof(un->sun_path))
        return GV_BAD;
    un->sun_family = AF_UNIX;
    memcpy(un->sun_path, path, len + 1);
    address->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
    address->mode = (mode_t)strtoul(mode, NULL, 8);
    snprintf(address->name, sizeof(address->name), "unix:%s", path);
    return GV_OK;
}

static void name_tcp(gv_address *address)
{
    char host[64] = "?", port[8] = "?";

    getnameinfo(&address->at.any, address->len, host, sizeof(host), port, sizeof(port),
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(address->name, sizeof(address->name),
             address->at.any.sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static int parse_tcp(gv_address *address, const char *host, const char *port)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return GV_BAD;
    memcpy(&address->at, found->ai_addr, found->ai_addrlen);
    address->len = found->ai_addrlen;
    freeaddrinfo(found);
    name_tcp(address);
    return GV_OK;
}

/* "systemd:NAME INDEX"; the name may hold spaces. */
static int parse_passed(gv_address *address, const char *line, const char *index)
{
    char *end;
    unsigned long number = strtoul(index, &end, 10);

    if (end == index || *end != '\0' || number >= gv_passed_count())
        return GV_BAD;
    address->passed = (unsigned)number + 1;
    snprintf(address->name, sizeof(address->name), "%.*s", (int)(index - 1 - line),
             line);
    return GV_OK;
}

/* A path may hold spaces: its mode is what stands behind the last one. */
int gv_address_parse(gv_address *address, const char *line, gv_error *error)
{
    const char *last = strrchr(line, ' ');
    const char *first = strchr(line, ' ');
    int result = GV_BAD;
    char *middle;

    *address = (gv_address){0};
    if (last != NULL && strncmp(line, "systemd:", 8) == 0)
        return parse_passed(address, line, last + 1) == GV_OK
                   ? GV_OK
                   : gv_error_set(error, "systemd did not pass '%s'", line);
    if (first == last)
        return gv_error_set(error, "can not listen on '%s'", line);
    middle = gv_strndup(first + 1, (size_t)(last - first - 1));
    if (strncmp(line, "unix ", 5) == 0)
        result = parse_unix(address, middle, last + 1);
    else if (strncmp(line, "tcp ", 4) == 0)
        result = parse_tcp(address, middle, last + 1);
    free(middle);
    return result == GV_OK ? GV_OK
                           : gv_error_set(error, "can not listen on '%s'", line);
}

bool gv_address_equal(const gv_address *a, const gv_address *b)
{
    return a->passed == b->passed && a->len == b->len &&
           memcmp(&a->at, &b->at, a->len) == 0;
}

int gv_address_of(gv_address *address, int fd)
{
    *address = (gv_address){.len = sizeof(address->at)};
    if (getsockname(fd, &address->at.any, &address->len) < 0)
        return GV_FAILED;
    if (gv_address_is_unix(address))
        snprintf(address->name, sizeof(address->name), "unix:%s",
                 address->at.un.sun_path);
    else
        name_tcp(address);
    return GV_OK;
}

void gv_address_refresh(gv_address *address, int fd)
{
    if (gv_address_is_unix(address) || address->passed > 0)
        return;
    address->len = sizeof(address->at);
    getsockname(fd, &address->at.any, &address->len);
    name_tcp(address);
}
