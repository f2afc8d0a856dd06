/* The access log: lines gathered in memory, written in blocks. */
#ifndef GV_NET_ACCESS_LOG_H
#define GV_NET_ACCESS_LOG_H

#include "http/access_format.h"

typedef struct gv_access_log {
    int fd; /* borrowed; -1: off */
    gv_access_format *format;
    gv_buf lines;
    bool stalled; /* its reader is slow: the lines wait for it */
} gv_access_log;

/* GV_OK, or GV_BAD for a format that does not compile: the log is off then. */
int gv_access_log_init(gv_access_log *log, int fd, const char *format);
void gv_access_log_dispose(gv_access_log *log);

void gv_access_log_add(gv_access_log *log, const gv_access *access);

/* Writes what is gathered.  What a disk refuses is dropped, and, beyond a megabyte, what
 * a slow reader has not taken; once a minute the error log says so. */
void gv_access_log_flush(gv_access_log *log);

/* The last one: waits for a slow reader, for a moment. */
void gv_access_log_finish(gv_access_log *log);

#endif
