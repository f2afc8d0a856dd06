/* The path that is routed: decoded once, dot segments removed once.
 *
 * An encoded slash never becomes a separator: in the decoded text it stands as a
 * NUL byte (%00 itself is refused), and gv_path_show() turns it into '/' where text
 * leaves the router, as an argument or for people. */
#ifndef GV_HTTP_PATH_H
#define GV_HTTP_PATH_H

#include "base/buf.h"
#include "base/result.h"

#define GV_PATH_SLASH '\0'

/* Decodes `raw` (which begins with '/').  On GV_OK `*path` is the result: `raw`
 * itself where nothing had to change, else bytes in `scratch` (emptied first).
 * GV_BAD: a malformed escape, %00, or bytes that are not UTF-8 (RFC 3629).
 * ".." at the root stays at the root (RFC 3986, section 5.2.4). */
int gv_path_decode(gv_slice raw, gv_buf *scratch, gv_slice *path);

/* Writes `text` to `out` with every GV_PATH_SLASH as '/'; `out` has room for
 * text.len bytes. */
void gv_path_show(gv_slice text, char *out);

bool gv_utf8_valid(gv_slice text);

#endif
