#include "net/watchdog.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/answer.h"
#include "net/listener.h"
#include "net/server.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SEND_LIMIT_MS = 1000,   /* for a client that does not take the answer */
    LINGER_MS = 200,        /* for it to close, see GV_CONN_LINGERING */
    STACKS_LIMIT_MS = 1000, /* for writing them */
    LISTENING_MS = 20       /* in which the loop may well stop by itself */
};

struct gv_watchdog {
    gv_server *server; /* borrowed */
    int control;       /* borrowed; -1: none, or the master is gone */
    int64_t leave_ms;  /* without a master, the end of all; INT64_MAX: there is one */
    bool listens;      /* without a master, that is to end */
    int freed;         /* an eventfd */
    pid_t process;     /* children that the application forks have no such thread */
    pthread_t loop, thread;
};

/* ---- a request that is over its time ---- */

/* Until `fd` can be written to or read from; false when the time is up first. */
static bool wait_for(int fd, short events, int64_t until_ms)
{
    struct pollfd polled = {.fd = fd, .events = events};
    int64_t left = until_ms - gv_clock_monotonic_ms();

    return left > 0 && poll(&polled, 1, (int)left) > 0;
}

/* Closing on unread bytes would reset the connection. */
static void linger(gv_conn *conn)
{
    int64_t until = gv_clock_monotonic_ms() + LINGER_MS;
    char thrown_away[4096];

    shutdown(conn->fd, SHUT_WR);
    while (wait_for(conn->fd, POLLIN, until) &&
           recv(conn->fd, thrown_away, sizeof(thrown_away), MSG_DONTWAIT) > 0)
        continue;
}

/* Behind the answers to earlier requests, which may still wait in the server's output.
 * Of `ex` only what application code does not write to is looked at. */
static void answer_504(gv_conn *conn, const gv_exchange *ex, int64_t since_ms)
{
    int64_t until = gv_clock_monotonic_ms() + SEND_LIMIT_MS;
    gv_exchange late = {.server = ex->server,
                        .peer = ex->peer,
                        .req = ex->req,
                        .head = ex->head,
                        .path = ex->path,
                        .body_fd = -1,
                        .id = ex->id,
                        .match = ex->match,
                        .router = ex->match.number,
                        .is_failing = true}; /* this is another thread */

    late.res.close = true;
    gv_server_update_now(ex->server);
    gv_exchange_error(&late, 504);
    gv_answer_put(conn, &late, since_ms * 1000);
    while (gv_answer_flush(conn) == GV_AGAIN && wait_for(conn->fd, POLLOUT, until))
        continue;
    linger(conn);
}

/* What has become of the client. */
static const char *dismiss_client(const gv_watchdog *dog, int64_t since_ms)
{
    const gv_exchange *ex = dog->server->watched.ex;
    gv_conn *conn = dog->server->working;

    if (conn == NULL || conn->state == GV_CONN_CLOSED)
        return "its client is gone";
    if (ex == NULL || conn->sending != NULL)
        return "its answer, which had begun, is cut";
    answer_504(conn, ex, since_ms);
    return "it is answered by 504";
}

static void log_request(const gv_watchdog *dog, const char *why, int64_t since_ms,
                        const char *outcome)
{
    char name[GV_RUNNING_NAME];
    gv_running running;

    gv_slot_running(dog->server->slot, &running);
    gv_log(GV_ERROR, "%s: %s %s (request %s, %" PRId64 " ms); %s", why, running.method,
           running.path, gv_running_name(&running, name),
           gv_clock_monotonic_ms() - since_ms, outcome);
}

/* The signal is for the loop's thread: its handler, which is faulthandler's, writes the
 * stacks and does not need the interpreter's lock for that. */
static _Noreturn void end_with_stacks(const gv_watchdog *dog)
{
    pthread_kill(dog->loop, SIGABRT);
    poll(NULL, 0, STACKS_LIMIT_MS);
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static _Noreturn void end_request(const gv_watchdog *dog, const char *why,
                                  int64_t since_ms)
{
    gv_server *server = dog->server;

    log_request(dog, why, since_ms, dismiss_client(dog, since_ms));
    gv_access_log_flush(&server->access_log);
    end_with_stacks(dog);
}

/* What the loop is in, or false: it has just come back, or is in something newer. */
static bool claim(const gv_watchdog *dog, int64_t since_ms)
{
    return since_ms > 0 &&
           atomic_compare_exchange_strong_explicit(
               &dog->server->watched.since_ms, &since_ms, GV_WATCHDOG_CLAIMED,
               memory_order_acq_rel, memory_order_relaxed);
}

static void end_if_over(const gv_watchdog *dog, int64_t since_ms, int64_t now_ms)
{
    int64_t limit = dog->server->config.request_ms;
    char why[64];

    if (limit == 0 || now_ms - since_ms <= limit || !claim(dog, since_ms))
        return;
    atomic_store_explicit(&dog->server->slot->timed_out, 1, memory_order_relaxed);
    snprintf(why, sizeof(why), "timeouts.request (%" PRId64 " ms) is over", limit);
    end_request(dog, why, since_ms);
}

/* ---- a master that is gone ---- */

/* The loop drains, once it notices; nobody else would see to that. */
static void lose_master(gv_watchdog *dog)
{
    dog->control = -1;
    dog->leave_ms = gv_clock_monotonic_ms() + dog->server->config.graceful_ms;
    dog->listens = true;
}

/* While the loop is held up, the next guavad could not listen on the same addresses. */
static void stop_listening(gv_watchdog *dog, int64_t since_ms)
{
    gv_server *server = dog->server;

    if (!dog->listens || !claim(dog, since_ms))
        return;
    for (gv_listener *it = server->listeners; it != NULL; it = it->next)
        gv_listener_let_go(it, dog->freed);
    dog->listens = false;
    atomic_store_explicit(&server->watched.since_ms, since_ms, memory_order_release);
}

static _Noreturn void leave(const gv_watchdog *dog, int64_t since_ms)
{
    static const char why[] = "the master is gone, and timeouts.graceful is over";

    if (claim(dog, since_ms))
        end_request(dog, why, since_ms);
    gv_log(GV_WARNING, "%s; clients are cut", why);
    _exit(EXIT_FAILURE);
}

/* ---- the thread ---- */

/* The next time there can be something to do.  A request that begins later has its end
 * later, so nothing has to wake the thread. */
static int64_t next_look(const gv_watchdog *dog, int64_t since_ms, int64_t now_ms)
{
    int64_t limit = dog->server->config.request_ms;
    int64_t due = dog->leave_ms;

    if (limit > 0 && (since_ms > 0 ? since_ms : now_ms) + limit < due)
        due = (since_ms > 0 ? since_ms : now_ms) + limit + 1;
    if (dog->listens && now_ms + LISTENING_MS < due)
        due = now_ms + LISTENING_MS;
    return due;
}

/* False: the watchdog is being freed. */
static bool sleep_until(gv_watchdog *dog, int64_t due_ms, int64_t now_ms)
{
    struct pollfd polled[] = {{.fd = dog->freed, .events = POLLIN},
                              {.fd = dog->control}};
    int64_t left = due_ms > now_ms ? due_ms - now_ms : 0;
    int timeout = due_ms == INT64_MAX ? -1 : left > INT_MAX ? INT_MAX : (int)left;

    if (poll(polled, 2, timeout) > 0 && polled[1].revents & POLLHUP)
        lose_master(dog);
    return polled[0].revents == 0;
}

static void *watch(void *arg)
{
    gv_watchdog *dog = arg;
    int64_t since, now;

    gv_log_set_slot(dog->server->slot);
    do {
        since =
            atomic_load_explicit(&dog->server->watched.since_ms, memory_order_relaxed);
        now = gv_clock_monotonic_ms();
        if (since > 0)
            end_if_over(dog, since, now);
        if (now >= dog->leave_ms)
            leave(dog, since);
        stop_listening(dog, since);
    } while (sleep_until(dog, next_look(dog, since, now), now));
    return NULL;
}

/* Signals are for the loop. */
static int start_thread(gv_watchdog *dog)
{
    sigset_t all, before;
    int error;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    error = pthread_create(&dog->thread, NULL, watch, dog);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

gv_watchdog *gv_watchdog_new(gv_server *server, int control)
{
    gv_watchdog *dog = gv_calloc(1, sizeof(*dog));
    int error;

    *dog = (gv_watchdog){.server = server,
                         .control = control,
                         .leave_ms = INT64_MAX,
                         .freed = eventfd(0, EFD_CLOEXEC),
                         .process = getpid(),
                         .loop = pthread_self()};
    error = dog->freed < 0 ? errno : start_thread(dog);
    if (error == 0)
        return dog;
    if (dog->freed >= 0)
        close(dog->freed);
    free(dog);
    errno = error;
    return NULL;
}

void gv_watchdog_free(gv_watchdog *dog)
{
    if (dog == NULL)
        return;
    if (getpid() == dog->process) {
        eventfd_write(dog->freed, 1);
        pthread_join(dog->thread, NULL);
    }
    close(dog->freed);
    free(dog);
}

void gv_watched_wait(gv_watched *watched)
{
    while (atomic_load_explicit(&watched->since_ms, memory_order_acquire) ==
           GV_WATCHDOG_CLAIMED)
        poll(NULL, 0, 1);
    atomic_store_explicit(&watched->since_ms, 0, memory_order_relaxed);
}
