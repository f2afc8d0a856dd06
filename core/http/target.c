#include "http/target.h"

#include "http/host.h"

/* Whether `target` begins with `scheme`, in any case. */
static bool has_scheme(gv_slice target, gv_slice scheme)
{
    return target.len >= scheme.len &&
           gv_slice_equal_nocase((gv_slice){target.at, scheme.len}, scheme);
}

static void split_query(gv_request *req, gv_slice path_and_query)
{
    const char *mark = path_and_query.len > 0
                           ? memchr(path_and_query.at, '?', path_and_query.len)
                           : NULL;

    req->raw_path = path_and_query;
    req->query = GV_SLICE_NONE;
    if (mark != NULL) {
        req->raw_path.len = (size_t)(mark - path_and_query.at);
        req->query = gv_slice_from(path_and_query, req->raw_path.len + 1);
    }
}

/* http://authority/path?query (RFC 9112, section 3.2.2). */
static const char *split_absolute(gv_request *req)
{
    gv_slice rest = req->target;
    size_t authority = 0;

    if (has_scheme(rest, GV_SLICE("http://")))
        rest = gv_slice_from(rest, sizeof("http://") - 1);
    else if (has_scheme(rest, GV_SLICE("https://")))
        rest = gv_slice_from(rest, sizeof("https://") - 1);
    else
        return "a target that is neither a path nor http";
    while (authority < rest.len && rest.at[authority] != '/' &&
           rest.at[authority] != '?')
        authority++;
    req->host = (gv_slice){rest.at, authority};
    if (!gv_host_valid(req->host))
        return "a malformed host in the target";
    rest = gv_slice_from(rest, authority);
    split_query(req, rest);
    if (rest.len == 0 && req->method == GV_OPTIONS)
        req->raw_path = GV_SLICE("*");
    else if (req->raw_path.len == 0)
        req->raw_path = GV_SLICE("/");
    return NULL;
}

const char *gv_target_split(gv_request *req)
{
    gv_slice target = req->target;

    if (memchr(target.at, '#', target.len) != NULL)
        return "a fragment in the target";
    req->host = GV_SLICE_NONE;
    if (target.at[0] == '/') {
        split_query(req, target);
        return NULL;
    }
    if (target.at[0] != '*')
        return split_absolute(req);
    if (target.len != 1 || req->method != GV_OPTIONS)
        return "a target that begins with an asterisk";
    split_query(req, target);
    return NULL;
}

gv_slice gv_target_implied_port(gv_slice absolute_target)
{
    return has_scheme(absolute_target, GV_SLICE("https")) ? GV_SLICE(":443")
                                                          : GV_SLICE(":80");
}
