/* An application in C: every kind of answer that one can give.
 *
 *     /echo      the request's body          /declined   GV_DECLINED
 *     /bytes     static memory               /nothing    204
 *     /owned     memory that is released     /redirect   302
 *     /stream    chunks of many lengths      /last       Connection: close
 *     /failing   a stream that breaks        /file       a file by its path
 *     /error     500                         /pausing    a stream that has nothing at times
 *     else       what was asked, as text */
#ifndef GV_FUZZ_APPLICATION_H
#define GV_FUZZ_APPLICATION_H

#include "net/exchange.h"
#include "net/static.h"

enum { STREAM_LEN = 17290 /* bytes of a /stream that is whole */ };

typedef struct application {
    int held;   /* payloads that are not released yet */
    bool broke; /* a stream has failed, or paused, so that it may be cut */
} application;

int application_handle(void *ctx, gv_exchange *ex);

/* Mounts it, a table and tests/fuzz/files.  The caller frees both. */
gv_router *application_router(gv_static **files);

#endif
