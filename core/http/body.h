/* A request's body: decodes Content-Length and chunked framing, and gathers the
 * bytes in memory, past a threshold in an unlinked temporary file (http/tempfile.h). */
#ifndef GV_HTTP_BODY_H
#define GV_HTTP_BODY_H

#include "base/buf.h"
#include "http/parser.h"

typedef struct gv_body {
    llhttp_t framing;  /* the parser's state behind the head, taken over */
    gv_buf memory;     /* the body while it is small; empty once it is in `fd` */
    int fd;            /* -1 until the threshold is passed */
    uint64_t len;      /* decoded bytes so far */
    uint64_t limit;    /* of `len`: over it 413 */
    size_t threshold;  /* bytes kept in memory */
    uint64_t overhead; /* bytes of chunk lines and trailers so far */
    uint64_t chunks;
    bool in_chunk; /* between a chunk's line and the line end behind its data */
    bool complete;
    int status;         /* of GV_BAD: 400, 413, 431, or 500 where the disk refused */
    const char *reason; /* static text */
} gv_body;

/* Takes over from `parser`, which has just returned a head.  Where it
 * announces a length over `limit`, `body->status` is 413 at once; where it announces
 * none, `body` is complete at once. */
void gv_body_init(gv_body *body, const gv_parser *parser, uint64_t limit,
                  size_t threshold);

/* Frees memory and closes the file. */
void gv_body_dispose(gv_body *body);

/* Chunk lines, their extensions and the trailers may have this many bytes together,
 * and a little more for each chunk: over it 431. */
enum { GV_BODY_OVERHEAD = 8192 };

/* Feeds what came behind the head.  Returns how many bytes belonged to the body (all
 * of `len` while it is not complete), or GV_BAD.  When `body->complete`, what is left
 * over is the next request.  Trailers are checked and dropped. */
ssize_t gv_body_feed(gv_body *body, const char *data, size_t len);

#endif
