/* One client of the status address.  It may be as slow as it likes: nothing here waits. */
#ifndef GV_DAEMON_STATUS_CONN_H
#define GV_DAEMON_STATUS_CONN_H

#include "base/buf.h"
#include "http/parser.h"
#include "http/response.h"

#include <stdint.h>

struct gv_master;

typedef struct gv_status_conn {
    struct gv_status_conn *next;
    int fd;
    bool is_local;  /* it came to a loopback address */
    bool is_last;   /* no request is to follow */
    bool is_over;   /* all is sent; what still comes is thrown away */
    bool is_behind; /* there is work left that no event will tell of */
    int64_t due_ms; /* closed then */
    gv_buf input;   /* what is no whole request yet */
    gv_buf output;
    size_t sent; /* of `output` */
} gv_status_conn;

/* What all clients use in their turn. */
typedef struct gv_status_scratch {
    gv_parser parser;
    gv_fixed_fields fixed;
} gv_status_scratch;

/* Takes `fd` over, which is non-blocking. */
gv_status_conn *gv_status_conn_new(int fd, int64_t now_ms);
void gv_status_conn_free(gv_status_conn *conn);

/* Reads, answers and sends as far as that goes.  False: the connection is over. */
bool gv_status_conn_advance(gv_status_conn *conn, gv_status_scratch *scratch,
                            const struct gv_master *master, int64_t now_ms);

/* What poll() should wait for. */
short gv_status_conn_events(const gv_status_conn *conn);

#endif
