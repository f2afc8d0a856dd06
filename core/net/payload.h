/* The body of a response, wherever its bytes are. */
#ifndef GV_NET_PAYLOAD_H
#define GV_NET_PAYLOAD_H

#include "base/slice.h"

#include <stdint.h>
#include <sys/types.h>

typedef enum gv_payload_kind {
    GV_PAYLOAD_NONE,
    GV_PAYLOAD_BYTES, /* `bytes`, alive until release() */
    GV_PAYLOAD_FILE,  /* `length` bytes of `fd` from `offset`, then `parts`; fd is open
                       * until release() */
    GV_PAYLOAD_STREAM /* what next() yields, until it ends */
} gv_payload_kind;

/* Text, and bytes of a file behind it. */
typedef struct gv_part {
    gv_slice text;
    off_t offset;
    uint64_t length;
} gv_part;

/* What a stream says when it is asked for more. */
typedef enum gv_more {
    GV_MORE,       /* a chunk, alive until the next call */
    GV_MORE_LATER, /* nothing now: it is to be asked again in a while */
    GV_NO_MORE,    /* that was all */
    GV_MORE_FAILED /* the application failed, and has logged it */
} gv_more;

typedef struct gv_payload {
    gv_payload_kind kind;
    gv_slice bytes;
    int fd;
    off_t offset;
    uint64_t length;
    const gv_part *parts; /* alive until release() */
    unsigned part_count;

    void *owner; /* NULL: nothing to release */
    void (*release)(void *owner);

    gv_more (*next)(void *owner, gv_slice *chunk);
} gv_payload;

/* How many bytes a GV_PAYLOAD_FILE has still to send. */
uint64_t gv_payload_file_length(const gv_payload *payload);

/* Gives back what the payload holds and makes it GV_PAYLOAD_NONE. */
void gv_payload_dispose(gv_payload *payload);

#endif
