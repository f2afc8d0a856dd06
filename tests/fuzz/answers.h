/* A reader of what a server has sent, that shares no code with it. */
#ifndef GV_FUZZ_ANSWERS_H
#define GV_FUZZ_ANSWERS_H

#include "base/slice.h"

#include <stddef.h>

/* An answer that the server has given. */
typedef struct answer {
    int status;
    bool to_head; /* so that it has no body, whatever its head says */
    bool last;
} answer;

typedef enum reading_end {
    READ_ALL,        /* at the end of the last answer given */
    READ_CUT,        /* within one */
    READ_UNTIL_CLOSE /* at the end of the bytes, within a body that only it can end */
} reading_end;

/* Reads `output` as the answers given, in their order, some of the last of which may be
 * missing; whatever is not well-formed, or more than that, ends the process.  `*whole` is
 * the number of answers that are complete, `*last_len` what there is of a body that is
 * READ_UNTIL_CLOSE. */
reading_end answers_read(gv_slice output, const answer *given, size_t count,
                         size_t *whole, size_t *last_len);

#endif
