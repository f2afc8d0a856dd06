#include "daemon/worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/exit_status.h"
#include "daemon/generation.h"
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
    READY_LIMIT_MS = 60000, /* for loading the application */
    STOP_LIMIT_MS = 1000,   /* for leaving at once */
    ABORT_LIMIT_MS = 1000,  /* for writing the stacks */
    WATCHDOG_MS = 3000,     /* for ending a request by itself */
    YOUNG_MS = 1000,        /* who dies before was not fit to serve */
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

    snprintf(out.text, sizeof(out.text), "worker %u (pid %d, generation %u)",
             worker->number, (int)worker->pid, worker->generation->number);
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

/* Forks; the parent's end of the control channel becomes `worker->control`. */
static int fork_worker(gv_worker *worker)
{
    int ends[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return GV_FAILED;
    pid = fork();
    if (pid == 0)
        gv_worker_run(worker, ends[1]);
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
    worker->due_ms = gv_clock_monotonic_ms() + READY_LIMIT_MS;
    worker->ready_ms = 0;
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
    static const char failed[] = "failed ";
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

    if (was_told && status == 0)
        gv_log(GV_INFO, "%s left", name.text);
    else
        gv_log(was_told || status == 0 ? GV_WARNING : GV_ERROR, "%s %s%s%s", name.text,
               how.text, when, request.text);
    if (worker->failure.text[0] == '\0')
        gv_error_set(&worker->failure, "%s %s%s", name.text, how.text, when);
}

void gv_worker_exited(gv_worker *worker, int status)
{
    gv_worker_hear(worker); /* its last words */
    log_end(worker, status);
    close_control(worker);
    gv_slots_give(worker->generation->slots, worker->slot);
    if (worker->state == GV_WORKER_LEAVING)
        worker->state = GV_WORKER_GONE;
    else
        lie_down(worker);
}

/* A worker that no longer listens on its channel is sent what it took for "drain"
 * before it had one. */
static void tell(const gv_worker *worker, const char *word)
{
    if (worker->control < 0 ||
        send(worker->control, word, strlen(word), MSG_NOSIGNAL) < 0)
        kill(worker->pid, SIGTERM);
}

static void dismiss(gv_worker *worker, const char *word, int64_t limit_ms)
{
    int64_t due = gv_clock_monotonic_ms() + limit_ms;

    if (!has_process(worker)) {
        worker->state = GV_WORKER_GONE;
        return;
    }
    if (worker->state != GV_WORKER_LEAVING || due < worker->due_ms)
        worker->due_ms = due;
    worker->state = GV_WORKER_LEAVING;
    tell(worker, word);
}

void gv_worker_drain(gv_worker *worker, int64_t limit_ms)
{
    dismiss(worker, "drain", limit_ms);
}

void gv_worker_stop(gv_worker *worker)
{
    dismiss(worker, "stop", STOP_LIMIT_MS);
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

static void kill_late(gv_worker *worker)
{
    line name = name_of(worker), request = request_of(worker);

    if (worker->state == GV_WORKER_STARTING && worker->failure.text[0] == '\0')
        gv_error_set(&worker->failure, "worker %u was not ready within %d s",
                     worker->number, READY_LIMIT_MS / 1000);
    gv_log(GV_WARNING, "%s did not %s in time; killed%s", name.text,
           worker->state == GV_WORKER_STARTING ? "get ready" : "leave", request.text);
    kill(worker->pid, SIGKILL);
    worker->due_ms = GV_NEVER;
}

void gv_worker_act_if_due(gv_worker *worker)
{
    if (gv_clock_monotonic_ms() < worker->due_ms)
        return;
    if (has_process(worker))
        kill_late(worker);
    else if (worker->state == GV_WORKER_DOWN)
        gv_worker_start(worker);
}

void gv_worker_check_request(gv_worker *worker, int64_t limit_ms)
{
    int64_t now = gv_clock_monotonic_ms();
    gv_running running;

    if (worker->aborted || !has_process(worker) ||
        !gv_slot_running(slot_of(worker), &running) ||
        now - running.started_ms <= limit_ms + WATCHDOG_MS)
        return;
    gv_log(GV_ERROR, "%s is aborted after timeouts.request (%" PRId64 " ms)%s",
           name_of(worker).text, limit_ms, request_of(worker).text);
    kill(worker->pid, SIGABRT);
    worker->aborted = true;
    if (now + ABORT_LIMIT_MS < worker->due_ms)
        worker->due_ms = now + ABORT_LIMIT_MS;
}
