#include "net/exchange.h"

#include "base/mem.h"
#include "http/error_page.h"
#include "http/escape.h"
#include "http/path.h"
#include "http/response.h"
#include "http/status.h"
#include "net/server.h"
#include "net/static.h"

#include <stdlib.h>

gv_slice gv_exchange_id(const gv_exchange *ex, char text[GV_REQUEST_ID_TEXT])
{
    if (ex->req->id.len > 0)
        return ex->req->id;
    gv_request_id_write(text, ex->id);
    return (gv_slice){text, GV_REQUEST_ID_TEXT};
}

void gv_exchange_field(gv_exchange *ex, gv_slice name, gv_slice value)
{
    gv_buf *fields = &ex->res.fields;

    gv_buf_append_slice(fields, name);
    gv_buf_append_literal(fields, ": ");
    gv_buf_append_slice(fields, value);
    gv_buf_append_literal(fields, "\r\n");
}

void gv_exchange_body(gv_exchange *ex, gv_slice content_type, gv_buf *text)
{
    gv_payload_dispose(&ex->res.payload);
    ex->res.content_type = content_type;
    ex->res.payload = (gv_payload){.kind = GV_PAYLOAD_BYTES,
                                   .bytes = gv_buf_slice(text),
                                   .owner = text->at,
                                   .release = free};
    *text = (gv_buf){0};
}

/* What was refused before it was routed has a path none the less, if its head could
 * be read so far. */
static void find_path(gv_exchange *ex)
{
    gv_slice raw = ex->req->raw_path;

    if (raw.len == 0 || raw.at[0] != '/' ||
        gv_path_decode(raw, &ex->server->path, &ex->path) != GV_OK)
        ex->path = GV_SLICE_NONE;
}

/* The page that a router of the path has; NULL: the built-in one. */
static const gv_own_page *own_page(gv_exchange *ex, int status)
{
    if (ex->path.len == 0)
        find_path(ex);
    return gv_router_error_page(ex->server->router, ex->path, ex->match.mount, status);
}

/* Once for each error: what fails meanwhile has the built-in page. */
static bool is_handled(gv_exchange *ex, const gv_own_page *page, int status)
{
    int outcome;

    if (page->handler == NULL || ex->is_failing)
        return false;
    ex->is_failing = true;
    outcome = ex->server->app.answer_error(page->handler, ex, status);
    ex->is_failing = false;
    ex->server->turn++; /* it may have changed files */
    return outcome == GV_OK;
}

void gv_exchange_error(gv_exchange *ex, int status)
{
    gv_exchange_error_detail(ex, status, GV_SLICE_NONE);
}

void gv_exchange_error_detail(gv_exchange *ex, int status, gv_slice detail)
{
    gv_slice accept = gv_request_field(ex->req, GV_FIELD_ACCEPT);
    const gv_own_page *own = own_page(ex, status);
    gv_buf page = {0};

    if (own != NULL && is_handled(ex, own, status))
        return;
    ex->res.status = status;
    if (own == NULL || own->handler != NULL || gv_prefers_json(accept, own->type)) {
        gv_exchange_body(ex, gv_error_page(&page, status, detail, accept), &page);
        return;
    }
    gv_payload_dispose(&ex->res.payload);
    ex->res.content_type = own->type;
    ex->res.payload = (gv_payload){.kind = GV_PAYLOAD_BYTES, .bytes = own->text};
}

void gv_exchange_unavailable(gv_exchange *ex)
{
    gv_exchange_field(ex, GV_SLICE("Retry-After"), GV_SLICE("1"));
    gv_exchange_error(ex, 503);
}

void gv_exchange_redirect(gv_exchange *ex, int status, gv_slice location)
{
    if (!gv_field_value_valid(location)) {
        gv_exchange_error(ex, 500);
        return;
    }
    gv_exchange_field(ex, GV_SLICE("Location"), location);
    gv_exchange_error(ex, status);
}

static void append_allow(gv_buf *out, gv_method_set methods)
{
    bool first = true;

    for (gv_method method = 0; method < GV_METHOD_COUNT; method++) {
        if ((methods & GV_METHOD_BIT(method)) == 0)
            continue;
        if (!first)
            gv_buf_append_literal(out, ", ");
        gv_buf_append_slice(out, gv_method_name(method));
        first = false;
    }
}

/* 405 with Allow (RFC 9110, section 15.5.6); OPTIONS is what Allow answers. */
static void not_allowed(gv_exchange *ex, gv_method_set methods)
{
    gv_buf *fields = &ex->res.fields;

    gv_buf_append_literal(fields, "Allow: ");
    append_allow(fields, methods | GV_METHOD_BIT(GV_OPTIONS));
    gv_buf_append_literal(fields, "\r\n");
    if (ex->method == GV_OPTIONS)
        ex->res.status = 204;
    else
        gv_exchange_error(ex, 405);
}

static int refuse_method(gv_exchange *ex)
{
    not_allowed(ex, ex->match.allow);
    return GV_OK;
}

/* `path` as it may stand in a URL: what is not plainly safe is escaped. */
static void append_escaped(gv_buf *out, gv_slice path)
{
    for (size_t i = 0; i < path.len; i++) {
        if (path.at[i] == '/')
            gv_buf_append_literal(out, "/");
        else if (path.at[i] == GV_PATH_SLASH)
            gv_buf_append_literal(out, "%2F");
        else
            gv_escape_url(out, (gv_slice){path.at + i, 1});
    }
}

/* From the decoded path, not the raw one: "//host/../files" must not become a
 * reference to another host. */
void gv_exchange_redirect_to_slash(gv_exchange *ex)
{
    gv_buf location = {0};

    append_escaped(&location, ex->path);
    gv_buf_append_literal(&location, "/");
    if (ex->req->query.len > 0) {
        gv_buf_append_literal(&location, "?");
        gv_buf_append_slice(&location, ex->req->query);
    }
    gv_exchange_redirect(ex, 308, gv_buf_slice(&location));
    gv_buf_dispose(&location);
}

static int ask(gv_exchange *ex)
{
    const gv_app *app = &ex->server->app;
    int outcome;

    if (ex->match.kind == GV_MOUNT_STATIC)
        return gv_static_serve(ex->match.target, ex, ex->match.rest);
    outcome = app->handle(app->ctx, ex);
    ex->server->turn++; /* it may have changed files */
    return outcome;
}

/* Has `inner` answer, within what there is `around`; NULL: nothing. */
static int answer_within(gv_exchange *ex, void *around, gv_answerer *inner)
{
    return around == NULL ? inner(ex) : ex->server->app.surround(around, ex, inner);
}

static int route(gv_exchange *ex)
{
    const gv_router *router = ex->server->router;
    int outcome = gv_router_match(router, ex->path, ex->method, &ex->match);

    while (outcome == GV_OK) {
        if (answer_within(ex, ex->match.around, ask) == GV_OK) {
            ex->router = ex->match.number;
            return GV_OK;
        }
        outcome = gv_router_next(router, ex->path, ex->method, &ex->match);
    }
    if (outcome == GV_BAD_METHOD)
        return answer_within(ex, ex->match.around, refuse_method);
    if (ex->match.add_slash)
        gv_exchange_redirect_to_slash(ex);
    else
        gv_exchange_error(ex, 404);
    return GV_OK;
}

/* "OPTIONS *" asks about the server as a whole (RFC 9110, section 9.3.7). */
static int answer_for_server(gv_exchange *ex)
{
    if (ex->method == GV_OPTIONS)
        not_allowed(ex, (1u << GV_METHOD_COUNT) - 1);
    else
        gv_exchange_error(ex, 400);
    return GV_OK;
}

static int answer_bad_path(gv_exchange *ex)
{
    gv_exchange_error(ex, 400);
    return GV_OK;
}

/* Who answers, as far as the path alone decides that. */
static gv_answerer *answerer_of(gv_exchange *ex)
{
    if (ex->req->raw_path.at[0] == '*')
        return answer_for_server;
    if (gv_path_decode(ex->req->raw_path, &ex->server->path, &ex->path) != GV_OK)
        return answer_bad_path;
    return route;
}

void gv_exchange_run(gv_exchange *ex)
{
    answer_within(ex, ex->server->around, answerer_of(ex));
}
