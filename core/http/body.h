/* A request's body: decodes Content-Length and chunked framing, and gathers the
 * bytes in memory, past a threshold in an unlinked temporary file (http/tempfile.h). */
#ifndef GV_HTTP_BODY_H
#define GV_HTTP_BODY_H

#include "base/buf.h"
#include "http/parser.h"

/* What holds for all bodies of a worker. */
typedef struct gv_body_limits {
    uint64_t each;   /* bytes of one body: over it 413 */
    size_t memory;   /* bytes of one that are kept in memory */
    uint64_t disk;   /* bytes that may be in files at once: over it 503 */
    uint64_t *spent; /* bytes that are there now; borrowed, shared by all bodies */
} gv_body_limits;

typedef struct gv_body {
    llhttp_t framing; /* the parser's state behind the head, taken over */
    gv_body_limits limits;
    gv_buf memory;        /* the body while it is small; empty once it is in `fd` */
    int fd;               /* -1 until it does not fit into memory */
    uint64_t len;         /* decoded bytes so far */
    uint64_t spilled;     /* how many of them count in *limits.spent */
    uint64_t overhead;    /* bytes of chunk lines and trailers so far */
    size_t most_overhead; /* of them: the head's limit for fields */
    uint64_t chunks;
    unsigned
        trailers_left; /* the head's limit for their number, less those that came */
    bool in_chunk;     /* between a chunk's line and the line end behind its data */
    bool complete;
    int status;         /* of GV_BAD: 400, 413, 431, or 503 where the disk is full */
    const char *reason; /* static text */
} gv_body;

/* Takes over from `parser`, which has just returned a head.  Where it
 * announces a length over limits->each, `body->status` is 413 at once; where it
 * announces none, `body` is complete at once. */
void gv_body_init(gv_body *body, const gv_parser *parser, const gv_body_limits *limits);

/* Frees memory, closes the file and gives its room back. */
void gv_body_dispose(gv_body *body);

/* Feeds what came behind the head.  Returns how many bytes belonged to the body (all
 * of `len` while it is not complete), or GV_BAD.  When `body->complete`, what is left
 * over is the next request.  Trailers are checked and dropped.
 *
 * Chunk lines, their extensions and the trailers may have as many bytes together as the
 * fields of a head, and a little more for each chunk; there may be as many trailers as
 * fields of a head.  Over it 431. */
ssize_t gv_body_feed(gv_body *body, const char *data, size_t len);

#endif
