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

    /* GV_OK with a chunk that stays alive until the next call, GV_AGAIN at the end,
     * GV_FAILED where the application failed (and has logged it). */
    int (*next)(void *owner, gv_slice *chunk);
} gv_payload;

/* How many bytes a GV_PAYLOAD_FILE has still to send. */
uint64_t gv_payload_file_length(const gv_payload *payload);

/* Gives back what the payload holds and makes it GV_PAYLOAD_NONE. */
void gv_payload_dispose(gv_payload *payload);

#endif
