#include "daemon/worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/deaths.h"
#include "daemon/exit_status.h"
#include "daemon/generation.h"
#include "daemon/mold.h"
#include "daemon/worker_child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    STOP_LIMIT_MS = 1000,  /* for leaving at once */
    LAST_CALL_MS = 1000,   /* for leaving when idle connections are closed */
    ABORT_LIMIT_MS = 1000, /* for writing the stacks */
    WATCHDOG_MS = 3000,    /* for ending a request by itself */
    YOUNG_MS = 1000,       /* who dies before was not fit to serve */
    FIRST_BACK_OFF_MS = 100,
    LONGEST_BACK_OFF_MS = 5000
};

/* Room for one line about a worker or its request. */
typedef struct line {
    char text[GV_SLOT_PATH + GV_SLOT_METHOD + GV_RUNNING_NAME + 96];
} line;

static line name_of(const gv_worker *worker)
{
    line out;

    char role[32] = "mold";

    if (!gv_worker_is_mold(worker))
        snprintf(role, sizeof(role), "worker %u", worker->number);
    snprintf(out.text, sizeof(out.text), "%s (pid %d, generation %u)", role,
             (int)worker->pid, worker->generation->number);
    return out;
}

static gv_slot *slot_of(const gv_worker *worker)
{
    return &worker->generation->slots->board->slots[worker->slot];
}

/* " while running GET /path (request 00000000000004d2, 31 ms)", or "". */
static line request_of(const gv_worker *worker)
{
    char name[GV_RUNNING_NAME];
    gv_running running;
    line out = {""};

    if (gv_slot_running(slot_of(worker), &running))
        snprintf(out.text, sizeof(out.text),
                 " while running %s %s (request %s, %" PRId64 " ms)", running.method,
                 running.path, gv_running_name(&running, name),
                 gv_clock_monotonic_ms() - running.started_ms);
    return out;
}

/* A line about the worker's process and what it runs; `cause` (or NULL) is what ended
 * it. */
static void log_about(gv_level level, const gv_worker *worker, const char *cause,
                      const char *text)
{
    char name[GV_RUNNING_NAME];
    gv_running running;
    gv_log_field fields[8] = {{"worker", NULL, worker->number},
                              {"worker_pid", NULL, worker->pid},
                              {"worker_generation", NULL, worker->generation->number}};
    size_t count = 3;

    if (cause != NULL)
        fields[count++] = (gv_log_field){"cause", cause, 0};
    if (gv_slot_running(slot_of(worker), &running)) {
        fields[count++] =
            (gv_log_field){"request_id", gv_running_name(&running, name), 0};
        fields[count++] = (gv_log_field){"method", running.method, 0};
        fields[count++] = (gv_log_field){"path", running.path, 0};
        fields[count++] = (gv_log_field){"elapsed_ms", NULL,
                                         gv_clock_monotonic_ms() - running.started_ms};
    }
    gv_log_fields(level, fields, count, "%s", text);
}

static bool has_process(const gv_worker *worker)
{
    return worker->state != GV_WORKER_DOWN && worker->state != GV_WORKER_GONE;
}

gv_worker *gv_worker_new(const gv_generation *generation, unsigned number)
{
    gv_worker *worker = gv_calloc(1, sizeof(*worker));

    worker->generation = generation;
    worker->number = number;
    worker->state = GV_WORKER_DOWN;
    worker->due_ms = gv_clock_monotonic_ms();
    worker->control = -1;
    return worker;
}

void gv_worker_free(gv_worker *worker)
{
    free(worker);
}

/* How long to wait before the place is filled again. */
static int64_t next_delay(gv_worker *worker)
{
    int64_t now = gv_clock_monotonic_ms();
    int delay = worker->back_off_ms;

    if (worker->ready_ms > 0 && now - worker->ready_ms >= YOUNG_MS) {
        worker->back_off_ms = 0;
        return 0;
    }
    worker->back_off_ms = delay == 0 ? FIRST_BACK_OFF_MS : 2 * delay;
    if (worker->back_off_ms > LONGEST_BACK_OFF_MS)
        worker->back_off_ms = LONGEST_BACK_OFF_MS;
    return delay;
}

static void lie_down(gv_worker *worker)
{
    int64_t delay = next_delay(worker);

    worker->state = GV_WORKER_DOWN;
    worker->due_ms = gv_clock_monotonic_ms() + delay;
    if (delay > 0)
        gv_log(GV_WARNING, "worker %u dies young; it starts again in %" PRId64 " ms",
               worker->number, delay);
}

static void fail_to_start(gv_worker *worker, const char *why)
{
    gv_error_set(&worker->failure, "worker %u can not be started: %s", worker->number,
                 why);
    gv_log(GV_ERROR, "%s", worker->failure.text);
    worker->ready_ms = 0;
    lie_down(worker);
}

static int take_slot(gv_worker *worker)
{
    int index = gv_slots_take(worker->generation->slots);
    gv_slot *slot;

    if (index < 0)
        return GV_FAILED;
    worker->slot = (unsigned)index;
    slot = slot_of(worker);
    slot->number = worker->number;
    slot->generation = worker->generation->number;
    slot->state = GV_SLOT_STARTING;
    return GV_OK;
}

/* From the mold, or, where there is none that can, from us.  Its process id, or -1 with
 * errno. */
static pid_t fork_process(gv_worker *worker, int control)
{
    gv_worker *mold = gv_mold_of(worker->generation);
    pid_t pid = -1;

    if (mold != NULL && mold != worker)
        pid = gv_mold_fork(mold, worker, control);
    if (pid < 0)
        pid = fork();
    if (pid == 0)
        gv_worker_run(worker, control);
    return pid;
}

/* The parent's end of the control channel becomes `worker->control`. */
static int fork_worker(gv_worker *worker)
{
    int ends[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return GV_FAILED;
    if (gv_worker_is_mold(worker))
        gv_mold_prepare(ends[0]);
    pid = fork_process(worker, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return GV_FAILED;
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    worker->control = ends[0];
    worker->pid = pid;
    slot_of(worker)->pid = pid;
    return GV_OK;
}

bool gv_worker_warms_up(const gv_worker *worker)
{
    return worker->is_canary && worker->generation->state == GV_GENERATION_STARTING;
}

void gv_worker_start(gv_worker *worker)
{
    if (take_slot(worker) != GV_OK) {
        fail_to_start(worker, "the scoreboard is full, guavad has to be restarted");
        return;
    }
    if (fork_worker(worker) != GV_OK) {
        fail_to_start(worker, strerror(errno));
        gv_slots_give(worker->generation->slots, worker->slot);
        return;
    }
    worker->state = GV_WORKER_STARTING;
    worker->due_ms = gv_clock_monotonic_ms() + worker->generation->settings.start_ms;
    worker->ready_ms = 0;
    worker->lifetime = gv_lifetime_draw(&worker->generation->settings);
    worker->aborted = false;
    worker->failure.text[0] = '\0';
    gv_log(GV_DEBUG, "%s starts", name_of(worker).text);
}

static void on_ready(gv_worker *worker)
{
    worker->ready_ms = gv_clock_monotonic_ms();
    if (worker->state != GV_WORKER_STARTING)
        return;
    worker->state = GV_WORKER_READY;
    worker->due_ms = GV_NEVER;
    gv_log(GV_INFO, "%s is ready", name_of(worker).text);
}

static void on_failed(gv_worker *worker, const char *why)
{
    gv_error_set(&worker->failure, "the application could not be loaded: %s", why);
    gv_log(GV_ERROR, "%s: %s", name_of(worker).text, worker->failure.text);
    worker->due_ms = gv_clock_monotonic_ms() + STOP_LIMIT_MS;
}

static void on_unfit(gv_worker *mold, const char *why);

static void close_control(gv_worker *worker)
{
    if (worker->control >= 0)
        close(worker->control);
    worker->control = -1;
}

/* A worker that has its share leaves a connection to one that has not. */
static void wake(const gv_generation *generation, unsigned slot)
{
    static const char word[] = "look";

    for (gv_worker *each = generation->workers; each != NULL; each = each->next) {
        if (each->state == GV_WORKER_READY && each->slot == slot)
            send(each->control, word, strlen(word), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
}

void gv_worker_hear(gv_worker *worker)
{
    static const char failed[] = "failed ", unfit[] = "unfit ";
    char message[1024];
    unsigned slot;

    while (worker->control >= 0) {
        ssize_t len = recv(worker->control, message, sizeof(message) - 1, 0);

        if (len < 0 && errno == EINTR)
            continue;
        if (len < 0 && errno == EAGAIN)
            return;
        if (len <= 0) {
            close_control(worker);
            return;
        }
        message[len] = '\0';
        if (strcmp(message, "ready") == 0)
            on_ready(worker);
        else if (sscanf(message, "wake %u", &slot) == 1)
            wake(worker->generation, slot);
        else if (strncmp(message, failed, strlen(failed)) == 0)
            on_failed(worker, message + strlen(failed));
        else if (strncmp(message, unfit, strlen(unfit)) == 0)
            on_unfit(worker, message + strlen(unfit));
        else
            gv_log(GV_WARNING, "%s says '%s'", name_of(worker).text, message);
    }
}

static void log_end(gv_worker *worker, int status)
{
    bool was_told = worker->state == GV_WORKER_LEAVING;
    gv_exit_text how = gv_exit_describe(status);
    const char *when = worker->ready_ms == 0        ? " before it was ready"
                       : slot_of(worker)->timed_out ? " at timeouts.request"
                                                    : "";
    line name = name_of(worker), request = request_of(worker);
    gv_error text;

    gv_error_set(&text, "%s %s%s%s", name.text, how.text, when, request.text);
    if (was_told && status == 0)
        gv_log(GV_INFO, "%s left", name.text);
    else
        log_about(was_told || status == 0 ? GV_WARNING : GV_ERROR, worker,
                  gv_exit_cause(status).text, text.text);
    if (worker->failure.text[0] == '\0')
        gv_error_set(&worker->failure, "%s %s%s%s", name.text, how.text, when,
                     request.text);
}

/* For a request that does it again and again. */
static void note_request(const gv_worker *worker)
{
    gv_running running;

    if (worker->state != GV_WORKER_LEAVING &&
        gv_slot_running(slot_of(worker), &running))
        gv_deaths_note(&running);
}

static void add_to_tally(const gv_worker *worker, int status)
{
    const gv_settings *settings = &worker->generation->settings;
    gv_tally *tally = &worker->generation->slots->gone;
    gv_exit_text cause = gv_exit_cause(status);
    bool is_aborted = worker->aborted || slot_of(worker)->timed_out;

    gv_tally_add_slot(tally, slot_of(worker), settings->routers,
                      settings->router_count);
    if (worker->state == GV_WORKER_LEAVING && !worker->is_succeeded)
        return;
    gv_tally_add_end(tally, worker->state == GV_WORKER_LEAVING ? "recycled"
                            : is_aborted                       ? "aborted"
                            : worker->ready_ms == 0            ? "failed_start"
                                                               : cause.text);
}

void gv_worker_exited(gv_worker *worker, int status)
{
    gv_worker_hear(worker); /* its last words */
    log_end(worker, status);
    note_request(worker);
    add_to_tally(worker, status);
    close_control(worker);
    gv_slots_give(worker->generation->slots, worker->slot);
    if (worker->state == GV_WORKER_LEAVING || worker->is_succeeded)
        worker->state = GV_WORKER_GONE;
    else
        lie_down(worker);
}

/* A worker that no longer listens on its channel is sent what it took for "drain"
 * before it had one. */
static void tell(const gv_worker *worker, gv_slice word)
{
    if (worker->control < 0 ||
        send(worker->control, word.at, word.len, MSG_NOSIGNAL) < 0)
        kill(worker->pid, SIGTERM);
}

/* The end of timeouts.graceful, in which idle connections are closed. */
static int64_t last_call_ms(const gv_worker *worker)
{
    int64_t quarter = worker->generation->settings.graceful_ms / 4;

    return quarter < LAST_CALL_MS ? quarter : LAST_CALL_MS;
}

void gv_worker_drain(gv_worker *worker, gv_slice dropped)
{
    gv_buf word = {0};

    if (!has_process(worker))
        worker->state = GV_WORKER_GONE;
    if (!has_process(worker) || worker->state == GV_WORKER_LEAVING)
        return;
    worker->state = GV_WORKER_LEAVING;
    worker->warned = false;
    worker->due_ms = gv_clock_monotonic_ms() +
                     worker->generation->settings.graceful_ms - last_call_ms(worker);
    gv_buf_append_literal(&word, "drain");
    gv_buf_append_slice(&word, dropped);
    tell(worker, gv_buf_slice(&word));
    gv_buf_dispose(&word);
}

void gv_worker_hurry(const gv_worker *worker)
{
    if (worker->state == GV_WORKER_LEAVING && !worker->warned)
        tell(worker, GV_SLICE("hurry"));
}

/* Within timeouts.graceful still. */
static void warn(gv_worker *worker)
{
    worker->warned = true;
    worker->due_ms += last_call_ms(worker);
    tell(worker, GV_SLICE("close"));
}

void gv_worker_stop(gv_worker *worker)
{
    int64_t due = gv_clock_monotonic_ms() + STOP_LIMIT_MS;

    if (!has_process(worker)) {
        worker->state = GV_WORKER_GONE;
        return;
    }
    if (worker->state != GV_WORKER_LEAVING || !worker->warned || due < worker->due_ms)
        worker->due_ms = due;
    worker->state = GV_WORKER_LEAVING;
    worker->warned = true;
    tell(worker, GV_SLICE("stop"));
}

/* The generation goes on without it. */
static void on_unfit(gv_worker *mold, const char *why)
{
    mold->is_unfit = true;
    gv_log(GV_WARNING,
           "generation %u can not be preloaded, each worker imports the application: "
           "%s",
           mold->generation->number, why);
    gv_worker_stop(mold);
}

void gv_worker_take_refusal(gv_worker *mold, const char *reply)
{
    static const char unfit[] = "unfit ";

    if (strncmp(reply, unfit, strlen(unfit)) == 0) {
        on_unfit(mold, reply + strlen(unfit));
    } else if (reply[0] != '\0') {
        gv_log(GV_WARNING, "%s says '%s'", name_of(mold).text, reply);
    } else {
        gv_log(GV_ERROR, "%s does not answer; killed", name_of(mold).text);
        kill(mold->pid, SIGKILL);
    }
}

gv_worker *gv_worker_new_heir(gv_worker *elder)
{
    gv_worker *heir = gv_worker_new(elder->generation, elder->number);

    heir->elder = elder;
    elder->is_succeeded = true;
    return heir;
}

void gv_worker_succeed(gv_worker *worker)
{
    gv_worker_drain(worker->elder, GV_SLICE_NONE);
    worker->elder = NULL;
}

bool gv_worker_is_due(const gv_worker *worker)
{
    int64_t age = gv_clock_monotonic_ms() - worker->ready_ms;
    gv_reason reason;

    if (worker->state != GV_WORKER_READY || worker->is_succeeded ||
        gv_worker_is_mold(worker) ||
        !gv_lifetime_is_over(&worker->lifetime, worker->pid, slot_of(worker)->requests,
                             age, &reason))
        return false;
    gv_log(GV_INFO, "%s %s: another takes its place", name_of(worker).text,
           reason.text);
    return true;
}

void gv_worker_reopen_logs(const gv_worker *worker)
{
    static char word[] = "reopen";
    const gv_logs *logs = &worker->generation->logs;
    int fds[2] = {logs->error, logs->access};
    size_t size = (logs->access >= 0 ? 2 : 1) * sizeof(int);
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(fds))];
    } extra = {0};
    struct iovec text = {word, strlen(word)};
    struct msghdr message = {.msg_iov = &text,
                             .msg_iovlen = 1,
                             .msg_control = &extra,
                             .msg_controllen = CMSG_SPACE(size)};

    if (worker->control < 0)
        return;
    extra.head.cmsg_level = SOL_SOCKET;
    extra.head.cmsg_type = SCM_RIGHTS;
    extra.head.cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(&extra.head), fds, size);
    if (sendmsg(worker->control, &message, MSG_NOSIGNAL) < 0)
        gv_log(GV_WARNING, "%s can not be given new logs: %s", name_of(worker).text,
               strerror(errno));
}

/* Its stacks, in the error log, say where it is stuck. */
static void abort_start(gv_worker *worker)
{
    int64_t limit = worker->generation->settings.start_ms;

    gv_error_set(&worker->failure,
                 "%s was not ready within timeouts.start (%" PRId64 " ms)",
                 name_of(worker).text, limit);
    gv_log(GV_ERROR, "%s%s", worker->failure.text, request_of(worker).text);
    kill(worker->pid, SIGABRT);
    worker->aborted = true;
    worker->due_ms = gv_clock_monotonic_ms() + ABORT_LIMIT_MS;
}

static void kill_late(gv_worker *worker)
{
    line name = name_of(worker), request = request_of(worker);
    gv_error text;

    gv_error_set(&text, "%s did not %s in time; killed%s", name.text,
                 worker->state == GV_WORKER_STARTING ? "get ready" : "leave",
                 request.text);
    log_about(GV_WARNING, worker, NULL, text.text);
    kill(worker->pid, SIGKILL);
    worker->due_ms = GV_NEVER;
}

void gv_worker_act_if_due(gv_worker *worker)
{
    if (gv_clock_monotonic_ms() < worker->due_ms)
        return;
    if (worker->state == GV_WORKER_LEAVING && !worker->warned)
        warn(worker);
    else if (worker->state == GV_WORKER_STARTING && worker->failure.text[0] == '\0')
        abort_start(worker);
    else if (has_process(worker))
        kill_late(worker);
    else if (worker->state == GV_WORKER_DOWN)
        gv_worker_start(worker);
}

void gv_worker_check_request(gv_worker *worker, int64_t limit_ms)
{
    int64_t now = gv_clock_monotonic_ms();
    gv_running running;
    gv_error text;

    if (worker->aborted || !has_process(worker) ||
        !gv_slot_running(slot_of(worker), &running) ||
        now - running.started_ms <= limit_ms + WATCHDOG_MS)
        return;
    gv_error_set(&text, "%s is aborted after timeouts.request (%" PRId64 " ms)%s",
                 name_of(worker).text, limit_ms, request_of(worker).text);
    log_about(GV_ERROR, worker, NULL, text.text);
    kill(worker->pid, SIGABRT);
    worker->aborted = true;
    if (now + ABORT_LIMIT_MS < worker->due_ms)
        worker->due_ms = now + ABORT_LIMIT_MS;
}
