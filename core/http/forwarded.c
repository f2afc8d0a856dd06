#include "http/forwarded.h"

#include "base/result.h"
#include "http/chars.h"
#include "http/host.h"
#include "http/request_id.h"

/* The elements of all fields of one name, from the last one back. */
typedef struct elements {
    const gv_request *req;
    gv_slice name;
    unsigned next; /* fields before this one are still to come */
    gv_slice rest; /* of the field that is being read */
    bool quoting;  /* a comma within quotes separates nothing */
} elements;

enum { HOPS_MAX = 64 /* no chain of proxies is that long */ };

static elements elements_of(const gv_request *req, gv_slice name, bool quoting)
{
    return (elements){
        .req = req, .name = name, .next = req->header_count, .quoting = quoting};
}

/* How many backslashes stand before the byte `at` of `text`. */
static size_t backslashes_before(gv_slice text, size_t at)
{
    size_t count = 0;

    while (count < at && text.at[at - 1 - count] == '\\')
        count++;
    return count;
}

/* Where the last element of `text` begins.  Quotes are paired from the right: one that
 * a client has left open takes nothing with it that a proxy has appended. */
static size_t last_element(gv_slice text, bool quoting)
{
    bool quoted = false;
    size_t at = text.len;

    while (at > 0) {
        char byte = text.at[at - 1];

        if (byte == ',' && !quoted)
            return at;
        if (byte == '"' && quoting &&
            !(quoted && backslashes_before(text, at - 1) % 2 != 0))
            quoted = !quoted;
        at--;
    }
    return 0;
}

/* Empty ones count as none (RFC 9110, section 5.6.1.2).  False: there are no more. */
static bool next_element(elements *self, gv_slice *element)
{
    size_t at;

    do {
        while (self->rest.len == 0) {
            const gv_header *header;

            if (self->next == 0)
                return false;
            header = &self->req->headers[--self->next];
            if (gv_slice_equal_nocase(header->name, self->name))
                self->rest = header->value;
        }
        at = last_element(self->rest, self->quoting);
        *element = gv_slice_trim(gv_slice_from(self->rest, at));
        self->rest.len = at > 0 ? at - 1 : 0;
    } while (element->len == 0);
    return true;
}

static void take_host(gv_request *req, gv_slice host)
{
    if (gv_host_valid(host))
        req->host = host;
}

static void take_scheme(gv_request *req, gv_slice scheme)
{
    if (gv_slice_equal_nocase(scheme, GV_SLICE("https")))
        req->https = true;
    else if (gv_slice_equal_nocase(scheme, GV_SLICE("http")))
        req->https = false;
}

/* ---- X-Forwarded-* ---- */

/* How many proxies have spoken, at least the one that sent the request. */
static unsigned walk_addresses(gv_request *req, const gv_networks *trusted)
{
    elements list = elements_of(req, GV_SLICE("X-Forwarded-For"), false);
    unsigned hops = 0;
    gv_slice element;
    gv_peer client;

    while (hops < HOPS_MAX && next_element(&list, &element) &&
           gv_peer_parse(&client, element) == GV_OK) {
        req->client = client;
        hops++;
        if (!gv_networks_hold(trusted, &client))
            break;
    }
    return hops > 0 ? hops : 1;
}

/* What the outermost of `hops` proxies said: a proxy either appends, as to
 * X-Forwarded-For, or hands on or overwrites the one value that there is. */
static gv_slice said_by_outermost(const gv_request *req, gv_slice name, unsigned hops)
{
    elements list = elements_of(req, name, false);
    gv_slice element, said = GV_SLICE_NONE;

    for (unsigned i = 0; i < hops && next_element(&list, &element); i++)
        said = element;
    return said;
}

static void apply_x_forwarded(gv_request *req, const gv_networks *trusted)
{
    unsigned hops = walk_addresses(req, trusted);

    take_scheme(req, said_by_outermost(req, GV_SLICE("X-Forwarded-Proto"), hops));
    take_host(req, said_by_outermost(req, GV_SLICE("X-Forwarded-Host"), hops));
}

/* ---- Forwarded ---- */

typedef struct forwarded {
    gv_slice by, client, host, scheme; /* `at` NULL: not said */
} forwarded;

/* Takes a quoted string, or else a token, off `text`; quotes are left out, escapes are
 * not undone: no address, host or scheme needs any.  GV_OK or GV_BAD. */
static int take_value(gv_slice *text, gv_slice *value)
{
    size_t len;

    if (text->len == 0 || text->at[0] != '"') {
        len = gv_token_span(*text);
        *value = (gv_slice){text->at, len};
        *text = gv_slice_from(*text, len);
        return len > 0 ? GV_OK : GV_BAD;
    }
    for (len = 1; len < text->len && text->at[len] != '"'; len++) {
        if (text->at[len] == '\\')
            len++;
    }
    if (len >= text->len)
        return GV_BAD;
    *value = (gv_slice){text->at + 1, len - 1};
    *text = gv_slice_from(*text, len + 1);
    return GV_OK;
}

/* Where a parameter of that name belongs; `other` where the engine has no use for it. */
static gv_slice *place_of(forwarded *found, gv_slice name, gv_slice *other)
{
    const struct {
        gv_slice name;
        gv_slice *value;
    } places[] = {{GV_SLICE("for"), &found->client},
                  {GV_SLICE("host"), &found->host},
                  {GV_SLICE("proto"), &found->scheme},
                  {GV_SLICE("by"), &found->by}};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (gv_slice_equal_nocase(places[i].name, name))
            return places[i].value;
    }
    *other = GV_SLICE_NONE;
    return other;
}

/* Takes `name=value` off `text`; a name must not stand twice (RFC 7239, section 4). */
static int take_pair(forwarded *found, gv_slice *text)
{
    size_t len = gv_token_span(*text);
    gv_slice name = {text->at, len}, other, *place;

    if (len == 0 || len == text->len || text->at[len] != '=')
        return GV_BAD;
    place = place_of(found, name, &other);
    if (place->at != NULL)
        return GV_BAD;
    *text = gv_slice_from(*text, len + 1);
    return take_value(text, place);
}

/* Reads `for=192.0.2.1;proto=https;by="[::1]"`.  GV_OK or GV_BAD. */
static int parse_element(forwarded *found, gv_slice text)
{
    *found = (forwarded){.client = GV_SLICE_NONE};
    while (text.len > 0) {
        if (text.at[0] != ';' && take_pair(found, &text) != GV_OK)
            return GV_BAD;
        text = gv_slice_trim(text); /* some write "; " */
        if (text.len == 0)
            return GV_OK;
        if (text.at[0] != ';')
            return GV_BAD;
        text = gv_slice_trim(gv_slice_from(text, 1));
    }
    return GV_OK;
}

/* An element is its proxy's word as a whole; "unknown" and "_hidden" name nobody, so
 * that nobody vouches for what is further left (RFC 7239, section 6). */
static void apply_forwarded(gv_request *req, const gv_networks *trusted)
{
    elements list = elements_of(req, GV_SLICE("Forwarded"), true);
    gv_slice element;
    forwarded found;

    for (int hop = 0; hop < HOPS_MAX; hop++) {
        gv_peer client;

        if (!next_element(&list, &element) || parse_element(&found, element) != GV_OK)
            return;
        take_scheme(req, found.scheme);
        take_host(req, found.host);
        if (gv_peer_parse(&client, found.client) != GV_OK)
            return;
        req->client = client;
        if (!gv_networks_hold(trusted, &client))
            return;
    }
}

/* ---- both ---- */

gv_forwarding gv_forwarding_named(gv_slice name)
{
    static const char *const names[GV_FORWARDINGS] = {
        [GV_FORWARDING_AUTO] = "auto",
        [GV_FORWARDING_X_FORWARDED] = "x-forwarded",
        [GV_FORWARDING_FORWARDED] = "forwarded",
    };
    gv_forwarding way = 0;

    while (way < GV_FORWARDINGS && !gv_slice_equal(gv_slice_of(names[way]), name))
        way++;
    return way;
}

static bool has_x_forwarded(const gv_request *req)
{
    return gv_request_header(req, GV_SLICE("X-Forwarded-For")).at != NULL ||
           gv_request_header(req, GV_SLICE("X-Forwarded-Proto")).at != NULL ||
           gv_request_header(req, GV_SLICE("X-Forwarded-Host")).at != NULL;
}

/* Where two came, one of them may be the client's. */
static void take_id(gv_request *req)
{
    gv_slice id = GV_SLICE_NONE;

    for (unsigned i = 0; i < req->header_count; i++) {
        if (!gv_slice_equal_nocase(req->headers[i].name, GV_SLICE("X-Request-ID")))
            continue;
        if (id.at != NULL)
            return;
        id = req->headers[i].value;
    }
    if (gv_request_id_valid(id))
        req->id = id;
}

void gv_forwarded_apply(gv_request *req, const gv_networks *trusted,
                        gv_forwarding forwarding)
{
    if (forwarding == GV_FORWARDING_AUTO)
        forwarding =
            has_x_forwarded(req) ? GV_FORWARDING_X_FORWARDED : GV_FORWARDING_FORWARDED;
    if (forwarding == GV_FORWARDING_FORWARDED)
        apply_forwarded(req, trusted);
    else
        apply_x_forwarded(req, trusted);
    take_id(req);
}
