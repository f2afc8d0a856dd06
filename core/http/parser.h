/* llhttp, and the checks that it leaves to its user.
 *
 * One parser serves a whole worker: a head is parsed in one go from the bytes that
 * are there, and again from its start when it was split.  The body of a request is
 * read by a gv_body (http/body.h), which takes over the state behind the head. */
#ifndef GV_HTTP_PARSER_H
#define GV_HTTP_PARSER_H

#include "base/result.h"
#include "http/request.h"

#include <llhttp.h>
#include <sys/types.h>

typedef struct gv_parser_limits {
    size_t request_line; /* bytes, its CRLF left out, empty lines before it
                          * counted in: over it 414 */
    size_t headers;      /* bytes of all field lines together: over it 431 */
    unsigned header_count;
} gv_parser_limits;

typedef struct gv_parser {
    llhttp_t llhttp;
    gv_parser_limits limits;
    gv_header *headers; /* limits.header_count of them */
    int status;         /* of the last GV_BAD: 400, 414, 417, 431, 501 or 505 */
    const char *reason; /* a static text for the log: what was wrong */
    size_t
        most; /* of the last GV_AGAIN: how long the head may become, as far as its limits
                  * are known by then; a byte more is refused */

    /* while one head is parsed */
    gv_request *req;
    const char *data;
} gv_parser;

void gv_parser_init(gv_parser *parser, const gv_parser_limits *limits);
void gv_parser_dispose(gv_parser *parser);

/* Parses the head at the start of `data` (empty lines before it are skipped and
 * counted in its length).  Returns its length up to and with the empty line,
 * GV_AGAIN where `data` stops short, or GV_BAD: `parser->status` and `reason` say
 * why, and nothing behind it on the connection may be taken as a request.
 * Slices in `req` point into `data`; nothing is allocated.
 *
 * `data` that stops short is refused as soon as it is over a limit. */
ssize_t gv_parser_head(gv_parser *parser, gv_request *req, const char *data,
                       size_t len);

#endif
