#include "application.h"

#include "fuzz.h"

#include "base/mem.h"

#include <stdlib.h>
#include <unistd.h>

enum { LARGE = 40000, LARGER_THAN_COPIED = 20000, CHUNKS = 7 };

typedef struct owned {
    application *app;
    int chunk, failing_chunk; /* of a stream */
    bool pausing, pauses;     /* it pauses before each chunk; and does so now */
    char bytes[LARGER_THAN_COPIED];
} owned;

static const char large[LARGE] = "static";

static owned *hold(application *app)
{
    owned *made = gv_malloc(sizeof(*made));

    made->app = app;
    made->chunk = 0;
    made->failing_chunk = -1;
    made->pausing = made->pauses = false;
    memset(made->bytes, 'o', sizeof(made->bytes));
    app->held++;
    return made;
}

static void release(void *owner)
{
    owned *released = owner;

    released->app->held--;
    free(released);
}

static gv_more next_chunk(void *owner, gv_slice *chunk)
{
    static const size_t lengths[CHUNKS] = {1, 0, 15, 16, 255, 17000, 3};
    owned *stream = owner;
    int index;

    stream->pauses = stream->pausing && !stream->pauses;
    if (stream->pauses) {
        stream->app->broke = true;
        return GV_MORE_LATER;
    }
    index = stream->chunk++;
    FUZZ_CHECK(index <= CHUNKS);
    if (index == stream->failing_chunk) {
        stream->app->broke = true;
        return GV_MORE_FAILED;
    }
    if (index == CHUNKS)
        return GV_NO_MORE;
    *chunk = (gv_slice){stream->bytes, lengths[index]};
    return GV_MORE;
}

/* ---- answers ---- */

static int answer_echo(application *app, gv_exchange *ex)
{
    gv_buf text = {0};

    (void)app;
    gv_buf_printf(&text, "%llu:", (unsigned long long)ex->body_len);
    if (ex->body_fd >= 0) {
        ssize_t n =
            pread(ex->body_fd, gv_buf_reserve(&text, ex->body_len), ex->body_len, 0);

        FUZZ_CHECK(n == (ssize_t)ex->body_len);
        text.len += (size_t)n;
    } else {
        FUZZ_CHECK(ex->body.len == ex->body_len);
        gv_buf_append_slice(&text, ex->body);
    }
    gv_exchange_body(ex, GV_SLICE("text/plain"), &text);
    return GV_OK;
}

static int answer_bytes(application *app, gv_exchange *ex)
{
    (void)app;
    ex->res.payload =
        (gv_payload){.kind = GV_PAYLOAD_BYTES, .bytes = {large, sizeof(large)}};
    return GV_OK;
}

static int answer_owned(application *app, gv_exchange *ex)
{
    owned *owner = hold(app);

    ex->res.payload = (gv_payload){.kind = GV_PAYLOAD_BYTES,
                                   .bytes = {owner->bytes, sizeof(owner->bytes)},
                                   .owner = owner,
                                   .release = release};
    return GV_OK;
}

static int answer_stream(application *app, gv_exchange *ex)
{
    ex->res.payload = (gv_payload){.kind = GV_PAYLOAD_STREAM,
                                   .owner = hold(app),
                                   .release = release,
                                   .next = next_chunk};
    return GV_OK;
}

static int answer_failing(application *app, gv_exchange *ex)
{
    answer_stream(app, ex);
    ((owned *)ex->res.payload.owner)->failing_chunk = 3;
    return GV_OK;
}

static int answer_pausing(application *app, gv_exchange *ex)
{
    answer_stream(app, ex);
    ((owned *)ex->res.payload.owner)->pausing = true;
    return GV_OK;
}

static int answer_file(application *app, gv_exchange *ex)
{
    (void)app;
    return gv_static_serve_file(ex, "tests/fuzz/files/large.txt") == GV_OK
               ? GV_OK
               : GV_DECLINED;
}

static int answer_declined(application *app, gv_exchange *ex)
{
    (void)app;
    (void)ex;
    return GV_DECLINED;
}

static int answer_nothing(application *app, gv_exchange *ex)
{
    (void)app;
    ex->res.status = 204;
    return GV_OK;
}

static int answer_redirect(application *app, gv_exchange *ex)
{
    (void)app;
    gv_exchange_redirect(ex, 302, ex->req->query);
    return GV_OK;
}

static int answer_last(application *app, gv_exchange *ex)
{
    (void)app;
    ex->res.close = true;
    gv_exchange_field(ex, GV_SLICE("X-Last"), GV_SLICE("yes"));
    return GV_OK;
}

static int answer_error(application *app, gv_exchange *ex)
{
    (void)app;
    gv_exchange_error(ex, 500);
    return GV_OK;
}

static const struct {
    gv_slice path;
    int (*answer)(application *, gv_exchange *);
} routes[] = {
    {{"/echo", 5}, answer_echo},         {{"/bytes", 6}, answer_bytes},
    {{"/owned", 6}, answer_owned},       {{"/stream", 7}, answer_stream},
    {{"/failing", 8}, answer_failing},   {{"/file", 5}, answer_file},
    {{"/declined", 9}, answer_declined}, {{"/nothing", 8}, answer_nothing},
    {{"/redirect", 9}, answer_redirect}, {{"/last", 5}, answer_last},
    {{"/error", 6}, answer_error},       {{"/pausing", 8}, answer_pausing},
};

/* What the application saw, so that two readings of the same bytes are compared. */
static int answer_what_was_asked(gv_exchange *ex)
{
    gv_buf text = {0};

    gv_buf_append_slice(&text, ex->req->method_name);
    gv_buf_append_literal(&text, " ");
    gv_buf_append_slice(&text, ex->path);
    gv_buf_append_literal(&text, "?");
    gv_buf_append_slice(&text, ex->req->query);
    for (unsigned i = 0; i < ex->req->header_count; i++) {
        gv_buf_append_literal(&text, "\n");
        gv_buf_append_slice(&text, ex->req->headers[i].name);
        gv_buf_append_literal(&text, "=");
        gv_buf_append_slice(&text, ex->req->headers[i].value);
    }
    gv_exchange_body(ex, GV_SLICE("text/plain"), &text);
    return GV_OK;
}

int application_handle(void *ctx, gv_exchange *ex)
{
    application *app = ctx;

    ex->res.status = 200;
    for (size_t i = 0; i < sizeof(routes) / sizeof(*routes); i++)
        if (gv_slice_equal(ex->path, routes[i].path))
            return routes[i].answer(app, ex);
    return answer_what_was_asked(ex);
}

gv_router *application_router(gv_static **files)
{
    gv_static_options options = {.allow_index = true,
                                 .max_age = 60,
                                 .precompressed = {GV_CODING_BR, GV_CODING_GZIP},
                                 .precompressed_count = 2};
    gv_router *router = gv_router_new();
    gv_action only_get = {.max_args = -1, .methods = GV_METHOD_BIT(GV_GET)};

    *files = gv_static_new("tests/fuzz/files", &options);
    FUZZ_CHECK(*files != NULL);
    gv_router_mount_static(router, GV_SLICE("/s/"), *files);
    gv_router_mount_dynamic(router, GV_SLICE("/"), NULL);
    gv_table_add(gv_router_mount_table(router, GV_SLICE("/t/")), GV_SLICE("/only-get"),
                 only_get);
    return router;
}
