/* Where to listen, as the check child writes it. */
#ifndef GV_DAEMON_ADDRESS_H
#define GV_DAEMON_ADDRESS_H

#include "daemon/error.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

typedef struct gv_address {
    union {
        struct sockaddr any;
        struct sockaddr_un un;
        struct sockaddr_storage room;
    } at;
    socklen_t len;
    mode_t mode;     /* of a Unix socket's file */
    unsigned passed; /* 1 and more: not an address, but a socket of daemon/passed.h */
    char name[160];  /* for people: 127.0.0.1:8000, [::1]:8000, unix:/run/a.sock */
} gv_address;

/* Reads "tcp HOST PORT" (the host a literal address), "unix PATH MODE" or
 * "systemd:NAME INDEX". */
int gv_address_parse(gv_address *address, const char *line, gv_error *error);

bool gv_address_is_unix(const gv_address *address);

/* The same place, whatever the mode. */
bool gv_address_equal(const gv_address *a, const gv_address *b);

/* That of a socket which is bound; the mode is not known. */
int gv_address_of(gv_address *address, int fd);

/* Takes the address that the socket `fd` has: the kernel chooses port 0's. */
void gv_address_refresh(gv_address *address, int fd);

#endif
