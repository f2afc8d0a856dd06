/* Which content codings a client takes (RFC 9110, section 12.5.3). */
#ifndef GV_HTTP_ACCEPT_ENCODING_H
#define GV_HTTP_ACCEPT_ENCODING_H

#include "http/accept.h"
#include "http/request.h"

/* Codings of files that lie ready beside the plain one. */
typedef enum gv_coding {
    GV_CODING_IDENTITY,
    GV_CODING_BR,
    GV_CODING_ZSTD,
    GV_CODING_GZIP,
    GV_CODING_COUNT
} gv_coding;

/* How much the client wants each, in thousandths; 0: not at all.  What it does not name
 * it does not take, but for identity: without a quality of its own that is good enough
 * where there is nothing else, and has 1. */
void gv_accept_encoding(const gv_request *req, int quality[GV_CODING_COUNT]);

/* "br", as Content-Encoding names it; and ".br", how files that have it end. */
gv_slice gv_coding_name(gv_coding coding);
gv_slice gv_coding_ending(gv_coding coding);

#endif
