/* Whole connections over a pretended transport: reads, sends and time as the input has
 * them.
 *
 * An input is what a client sends and, behind the last FE FF in it, a script of a byte a
 * step (see `steps`).  It is played three times: all at once; with the script's reads and
 * sends alone, which must come to the same answers; and with the whole script. */
#include "fuzz.h"

#include "answers.h"
#include "application.h"
#include "transport.h"

#include "base/log.h"
#include "base/mem.h"
#include "net/answer.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

const char *const gv_fuzz_corpus[] = {
    "tests/fuzz/seeds/connection", "tests/fuzz/corpus/connection",
    "tests/requests/valid", "tests/requests/invalid", NULL};

enum {
    GIVEN_MAX = 2000,
    SHORTEST_REQUEST = sizeof("GET / HTTP/1.0\r\n\r\n") - 1,
    ALL_TIMEOUTS_MS = 2000,
    STEP_ARGUMENT = 16 /* a step's low four bits; the high ones are the argument */
};

static const gv_server_config config = {
    .head = {.request_line = 200, .headers = 600, .header_count = 12},
    .body = {.each = 2000, .memory = 300, .disk = 5000},
    .connections = PEERS_MAX - 2,
    .min_rate = 1000,
    .timeouts_ms = {[GV_WAIT_HEADER] = 100,
                    [GV_WAIT_BODY] = 150,
                    [GV_WAIT_WRITE] = 200,
                    [GV_WAIT_KEEPALIVE] = 300,
                    [GV_WAIT_LINGER] = 80},
    .server_header = true,
};

/* One playing of an input. */
typedef struct game {
    gv_slice input;
    gv_slice script;
    bool is_calm; /* only steps that must not change what is answered */
    gv_server *server;
    application app;
    peer *current;
    bool may_cut; /* a step may have cut an answer short */
    answer given[PEERS_MAX][GIVEN_MAX];
    size_t given_count[PEERS_MAX];
} game;

static game *playing;

/* ---- what the server answers ---- */

void __real_gv_answer_put(gv_conn *conn, gv_exchange *ex, int64_t started_us);
void __wrap_gv_answer_put(gv_conn *conn, gv_exchange *ex, int64_t started_us);

void __wrap_gv_answer_put(gv_conn *conn, gv_exchange *ex, int64_t started_us)
{
    size_t index = (size_t)(transport_peer(conn->fd) - gv_peers);
    size_t *count = &playing->given_count[index];
    answer *note = &playing->given[index][*count];

    FUZZ_CHECK(*count < GIVEN_MAX);
    FUZZ_CHECK(*count == 0 || !note[-1].last); /* nothing behind the last one */
    *note = (answer){.status = ex->res.status, .to_head = ex->req->method == GV_HEAD};
    (*count)++;
    __real_gv_answer_put(conn, ex, started_us);
    note->last = conn->last;
}

/* ---- steps ---- */

/* Small numbers, and some that are near what the engine counts by. */
static size_t amount(unsigned argument)
{
    static const size_t amounts[STEP_ARGUMENT] = {
        1, 2, 3, 4, 5, 7, 11, 16, 31, 64, 120, 250, 1000, 5000, 20000, 70000};

    return amounts[argument];
}

static void step_read(game *g, unsigned argument)
{
    peer *p = g->current;
    size_t left = p->input.len - p->arrived, len = amount(argument);

    p->arrived += len < left ? len : left;
}

static void step_send(game *g, unsigned argument)
{
    if (g->current->room != SIZE_MAX)
        g->current->room += amount(argument);
}

static void step_interrupt(game *g, unsigned argument)
{
    g->current->interruptions = argument % 4;
}

static void step_pretend(game *g, unsigned argument)
{
    (void)g;
    (void)argument;
    transport_pretend_events(0);
}

static void step_connect(game *g, unsigned argument)
{
    gv_slice input = gv_slice_from(g->input, g->input.len * (argument % 4) / 4);
    peer *made = transport_connect(input);

    if (made != NULL)
        g->current = made;
}

static void step_turn_to(game *g, unsigned argument)
{
    g->current = &gv_peers[argument % (unsigned)gv_peer_count];
}

static void step_wait(game *g, unsigned argument)
{
    g->may_cut = true;
    transport_advance(amount(argument) < 500 ? amount(argument) : 500);
}

static void step_end(game *g, unsigned argument)
{
    (void)argument;
    g->current->ended = true;
}

static void step_reset(game *g, unsigned argument)
{
    (void)argument;
    g->may_cut = true;
    g->current->reset = true;
}

static void step_drain(game *g, unsigned argument)
{
    gv_server_drain(g->server, (gv_haste)(argument % 3));
}

static void step_stop(game *g, unsigned argument)
{
    if (argument % 4 != 0)
        return;
    g->may_cut = true;
    gv_server_stop(g->server);
}

static void step_shorten(game *g, unsigned argument)
{
    (void)argument;
    g->may_cut = true;
    g->current->shortened = true;
}

static void step_fault(game *g, unsigned argument)
{
    (void)argument;
    g->may_cut = true;
    transport_pretend_events(UV_EBADF);
}

static const struct {
    void (*take)(game *, unsigned argument);
    bool is_calm;
} steps[STEP_ARGUMENT] = {
    {step_read, true},     {step_read, true},     {step_read, true},
    {step_send, true},     {step_send, true},     {step_interrupt, true},
    {step_pretend, true},  {step_connect, false}, {step_turn_to, false},
    {step_wait, false},    {step_wait, false},    {step_end, false},
    {step_reset, false},   {step_drain, false},   {step_stop, false},
    {step_shorten, false},
};

static void take_step(game *g, unsigned char byte)
{
    unsigned kind = byte % STEP_ARGUMENT, argument = byte / STEP_ARGUMENT;

    if (g->is_calm && !steps[kind].is_calm)
        return;
    if (kind == 14 && argument % 4 == 1)
        step_fault(g, argument);
    else
        steps[kind].take(g, argument);
    transport_run();
}

/* ---- playing ---- */

/* All that was held back comes, the clients end, and then all time runs out. */
static void wind_up(game *g)
{
    for (int i = 0; i < gv_peer_count; i++) {
        peer *p = &gv_peers[i];

        p->room = SIZE_MAX;
        p->arrived = p->ended ? p->arrived : p->input.len;
    }
    transport_run();
    for (int i = 0; i < gv_peer_count; i++)
        gv_peers[i].ended = true;
    if (!transport_run())
        return;
    FUZZ_CHECK(g->server->conn_count == 0);
    transport_advance(ALL_TIMEOUTS_MS);
    FUZZ_CHECK(g->server->conn_count == 0);
}

static void play(void *ctx)
{
    game *g = ctx;

    g->current = transport_connect(g->input);
    if (g->script.len == 0)
        g->current->room = SIZE_MAX;
    for (size_t i = 0; i < g->script.len; i++)
        take_step(g, (unsigned char)g->script.at[i]);
    wind_up(g);
    transport_play(NULL, NULL);
}

/* Answers are whole unless a step may have cut them; and one that only the end of the
 * connection ends, and that is not whole, ends with a reset. */
static void check_end(const game *g, const peer *p, reading_end end, bool is_whole,
                      size_t last_len)
{
    if (end == READ_UNTIL_CLOSE)
        FUZZ_CHECK(last_len == STREAM_LEN || p->aborted || p->reset);
    if (!g->may_cut && !g->app.broke)
        FUZZ_CHECK(end != READ_CUT && is_whole);
}

static void check_peer(const game *g, size_t index)
{
    const peer *p = &gv_peers[index];
    size_t whole, last_len;
    reading_end end;

    FUZZ_CHECK(g->given_count[index] <= p->input.len / SHORTEST_REQUEST + 1);
    /* Over the limit of connections, one is answered by the listener. */
    if (g->given_count[index] == 0 && p->output.len > 0 &&
        gv_slice_starts_with(gv_buf_slice(&p->output), GV_SLICE("HTTP/1.1 503 ")))
        return;
    end = answers_read(gv_buf_slice(&p->output), g->given[index], g->given_count[index],
                       &whole, &last_len);
    check_end(g, p, end, whole == g->given_count[index], last_len);
}

/* The lowest descriptor that is free: it grows when one is lost. */
static int next_descriptor(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    FUZZ_CHECK(fd >= 0);
    close(fd);
    return fd;
}

/* Whether the listener is one whose connections begin with a PROXY header. */
static bool begins_with_proxy(gv_slice input)
{
    return gv_slice_starts_with(input, GV_SLICE("PROXY")) ||
           gv_slice_starts_with(input, GV_SLICE("\r\n\r\n\0\r\nQUIT"));
}

static void trust_all_proxies(gv_server *server)
{
    gv_networks all = {0};

    FUZZ_CHECK(gv_networks_add(&all, GV_SLICE("0.0.0.0/0")) == GV_OK);
    gv_server_set_proxies(server, &all, GV_FORWARDING_AUTO);
}

/* Plays the game; the first client's output is `*output`. */
static void run(game *g, gv_buf *output)
{
    int fd = next_descriptor(), null = open("/dev/null", O_RDWR | O_CLOEXEC);
    gv_static *files;
    gv_router *router = application_router(&files);
    gv_app app = {.ctx = &g->app, .handle = application_handle};

    playing = g;
    transport_begin();
    g->server = gv_server_new(&config, router, app);
    FUZZ_CHECK(g->server != NULL);
    FUZZ_CHECK(gv_server_set_access_log(g->server, null, "combined") == GV_OK);
    FUZZ_CHECK(gv_server_listen(g->server, null, begins_with_proxy(g->input)) == GV_OK);
    trust_all_proxies(g->server);
    transport_play(play, g);
    gv_server_run(g->server);
    transport_play(NULL, NULL);
    for (int i = 0; i < gv_peer_count; i++)
        check_peer(g, (size_t)i);
    gv_buf_append_slice(output, gv_buf_slice(&gv_peers[0].output));
    gv_server_free(g->server);
    gv_router_free(router);
    gv_static_free(files);
    close(null);
    transport_end();
    FUZZ_CHECK(g->app.held == 0);
    FUZZ_CHECK(next_descriptor() == fd);
}

/* Plays `input` by `script`, into `output`. */
static void play_input(gv_slice input, gv_slice script, bool is_calm, gv_buf *output)
{
    game *g = gv_calloc(1, sizeof(*g));

    g->input = input;
    g->script = script;
    g->is_calm = is_calm;
    run(g, output);
    free(g);
}

/* ---- the input ---- */

static gv_slice script_of(gv_slice *input)
{
    for (size_t i = input->len; i >= 2; i--) {
        if ((unsigned char)input->at[i - 2] != 0xfe ||
            (unsigned char)input->at[i - 1] != 0xff)
            continue;
        gv_slice script = gv_slice_from(*input, i);
        input->len = i - 2;
        return script;
    }
    return GV_SLICE_NONE;
}

/* Where the input has no script: reads and sends as its bytes have it. */
static void make_script(gv_buf *script, gv_slice input)
{
    gv_fuzz_random random = gv_fuzz_random_of(input);
    size_t len = gv_fuzz_below(&random, 40);

    for (size_t i = 0; i < len; i++) {
        char byte = (char)gv_fuzz_below(&random, 256);

        gv_buf_append(script, &byte, 1);
    }
}

/* A 100 comes where the body was not seen to follow, which is a matter of timing. */
static void drop_interims(gv_buf *output)
{
    gv_slice interim = GV_SLICE("HTTP/1.1 100 Continue\r\n\r\n");
    gv_slice left = gv_buf_slice(output);
    gv_buf kept = {0};

    while (left.len > 0) {
        size_t skip = gv_slice_starts_with(left, interim) ? interim.len : 0;

        if (skip == 0)
            gv_buf_append(&kept, left.at, 1);
        left = gv_slice_from(left, skip > 0 ? skip : 1);
    }
    gv_buf_dispose(output);
    *output = kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gv_slice input = {(const char *)data, size};
    gv_slice script = script_of(&input);
    gv_buf bytes = {0}, made = {0}, all_at_once = {0}, calm = {0}, wild = {0};

    gv_log_set_level(GV_ERROR + 1);
    /* A head that is cut within a line is not looked at before its line ends: so that
     * both playings see what is wrong with it. */
    gv_buf_append_slice(&bytes, input);
    gv_buf_append_literal(&bytes, "\r\n\r\n");
    input = gv_buf_slice(&bytes);
    make_script(&made, input);
    if (script.len == 0)
        script = gv_buf_slice(&made);
    play_input(input, GV_SLICE_NONE, true, &all_at_once);
    play_input(input, script, true, &calm);
    drop_interims(&all_at_once);
    drop_interims(&calm);
    FUZZ_SAME(&all_at_once, &calm);
    play_input(input, script, false, &wild);
    gv_buf_dispose(&bytes);
    gv_buf_dispose(&made);
    gv_buf_dispose(&all_at_once);
    gv_buf_dispose(&calm);
    gv_buf_dispose(&wild);
    return 0;
}
