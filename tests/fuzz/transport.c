#include "transport.h"

#include "fuzz.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FIRST_FD = 1 << 20, /* no real descriptor is that high */
    POLLS = PEERS_MAX + 4,
    CLOSINGS = 64,
    TIMERS = 4,
    TOO_MANY = 1000000, /* events without end */
    HOUR_MS = 3600 * 1000
};

typedef struct watch {
    uv_poll_t *poll; /* NULL: free */
    int fd;
    int events;
    uv_poll_cb call;
} watch;

peer gv_peers[PEERS_MAX];
int gv_peer_count;

static watch watches[POLLS];
static struct {
    uv_handle_t *handle;
    uv_close_cb call;
} closings[CLOSINGS];
static int closing_count;
static int handle_count;
static uint64_t now_ms;
static struct {
    uv_timer_t *handle; /* NULL: free */
    uint64_t due;
} timers[TIMERS];
static uv_prepare_t *prepare; /* called between the turns */
static bool stopped;
static void (*play)(void *);
static void *play_ctx;

/* The real ones. */
int __real_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);
int __real_close(int fd);
ssize_t __real_recv(int fd, void *to, size_t len, int flags);
ssize_t __real_send(int fd, const void *data, size_t len, int flags);
ssize_t __real_sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t __real_sendfile(int fd, int from, off_t *offset, size_t len);
int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
int __real_shutdown(int fd, int how);

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);
int __wrap_close(int fd);
ssize_t __wrap_recv(int fd, void *to, size_t len, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t len, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t __wrap_sendfile(int fd, int from, off_t *offset, size_t len);
ssize_t __wrap_getrandom(void *to, size_t len, unsigned flags);
int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
int __wrap_shutdown(int fd, int how);
int64_t __wrap_gv_clock_monotonic_ms(void);
int64_t __wrap_gv_clock_monotonic_ns(void);
int64_t __wrap_gv_clock_wall_ms(void);

/* ---- the target's side ---- */

void transport_begin(void)
{
    gv_peer_count = 0;
    now_ms = HOUR_MS;
    memset(timers, 0, sizeof(timers));
    prepare = NULL;
    stopped = false;
    FUZZ_CHECK(handle_count == 0 && closing_count == 0);
}

void transport_end(void)
{
    FUZZ_CHECK(handle_count == 0 && closing_count == 0);
    for (int i = 0; i < POLLS; i++)
        FUZZ_CHECK(watches[i].poll == NULL);
    for (int i = 0; i < gv_peer_count; i++) {
        FUZZ_CHECK(!gv_peers[i].open);
        gv_buf_dispose(&gv_peers[i].output);
    }
}

peer *transport_connect(gv_slice input)
{
    peer *made = &gv_peers[gv_peer_count];

    if (gv_peer_count == PEERS_MAX)
        return NULL;
    gv_peer_count++;
    *made = (peer){.waits = true, .input = input};
    return made;
}

peer *transport_peer(int fd)
{
    FUZZ_CHECK(fd >= FIRST_FD && fd < FIRST_FD + gv_peer_count);
    FUZZ_CHECK(gv_peers[fd - FIRST_FD].open);
    return &gv_peers[fd - FIRST_FD];
}

void transport_play(void (*how)(void *), void *ctx)
{
    play = how;
    play_ctx = ctx;
}

static bool has_input(const peer *p)
{
    return p->arrived > p->received || p->ended || p->reset;
}

static bool has_waiting(void)
{
    for (int i = 0; i < gv_peer_count; i++)
        if (gv_peers[i].waits)
            return true;
    return false;
}

/* Of the events that are waited for, those that are there. */
static int due(const watch *w)
{
    int there = 0;

    if (w->fd < FIRST_FD)
        return has_waiting() ? w->events & UV_READABLE : 0;
    if (has_input(transport_peer(w->fd)))
        there |= UV_READABLE;
    if (transport_peer(w->fd)->ended || transport_peer(w->fd)->reset)
        there |= UV_DISCONNECT;
    if (transport_peer(w->fd)->room > 0 || transport_peer(w->fd)->reset)
        there |= UV_WRITABLE;
    return w->events & there;
}

static void deliver_closings(void)
{
    for (int i = 0; i < closing_count; i++) {
        handle_count--;
        if (closings[i].call != NULL)
            closings[i].call(closings[i].handle);
    }
    closing_count = 0;
}

bool transport_run(void)
{
    bool is_quiet = false;

    for (int count = 0; !is_quiet && !stopped; count++) {
        FUZZ_CHECK(count < TOO_MANY);
        is_quiet = true;
        for (int i = 0; i < POLLS; i++) {
            int events = watches[i].poll != NULL ? due(&watches[i]) : 0;

            if (events == 0 || stopped)
                continue;
            is_quiet = false;
            watches[i].call(watches[i].poll, 0, events);
        }
        deliver_closings();
        if (prepare != NULL && !stopped)
            prepare->prepare_cb(prepare);
    }
    return !stopped;
}

void transport_pretend_events(int status)
{
    for (int i = 0; i < POLLS && !stopped; i++) {
        const watch *w = &watches[i];

        if (w->poll != NULL && w->fd >= FIRST_FD && w->events != 0)
            w->call(w->poll, status, status < 0 ? 0 : w->events);
    }
    deliver_closings();
}

/* The timer that rings next, by `until`; -1: none does. */
static int next_timer(uint64_t until)
{
    int found = -1;

    for (int i = 0; i < TIMERS; i++) {
        if (timers[i].handle != NULL && timers[i].due <= until &&
            (found < 0 || timers[i].due < timers[found].due))
            found = i;
    }
    return found;
}

static void ring(int index)
{
    uv_timer_t *timer = timers[index].handle;

    if (timers[index].due > now_ms)
        now_ms = timers[index].due;
    timers[index].due += timer->repeat;
    if (timer->repeat == 0)
        timers[index].handle = NULL;
    timer->timer_cb(timer);
}

bool transport_advance(uint64_t ms)
{
    uint64_t until = now_ms + ms;
    int index;

    while (!stopped && (index = next_timer(until)) >= 0) {
        ring(index);
        deliver_closings();
        transport_run();
    }
    now_ms = until;
    return !stopped;
}

/* ---- clocks ---- */

int64_t __wrap_gv_clock_monotonic_ms(void)
{
    return (int64_t)now_ms;
}

int64_t __wrap_gv_clock_monotonic_ns(void)
{
    return (int64_t)now_ms * 1000000;
}

/* It stands still, so that answers to the same bytes are the same bytes. */
int64_t __wrap_gv_clock_wall_ms(void)
{
    return INT64_C(1800000000000);
}

/* ---- sockets ---- */

static int fail(int error)
{
    errno = error;
    return -1;
}

static bool is_interrupted(peer *p)
{
    if (p->interruptions == 0)
        return false;
    p->interruptions--;
    return true;
}

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    (void)fd;
    FUZZ_CHECK(flags == (SOCK_NONBLOCK | SOCK_CLOEXEC));
    for (int i = 0; i < gv_peer_count; i++) {
        struct sockaddr_in from = {.sin_family = AF_INET};

        if (!gv_peers[i].waits)
            continue;
        gv_peers[i].waits = false;
        gv_peers[i].open = true;
        memcpy(address, &from, sizeof(from));
        *len = sizeof(from);
        return FIRST_FD + i;
    }
    return fail(EAGAIN);
}

int __wrap_close(int fd)
{
    if (fd < FIRST_FD)
        return __real_close(fd);
    for (int i = 0; i < POLLS; i++)
        FUZZ_CHECK(watches[i].poll == NULL || watches[i].fd != fd);
    transport_peer(fd)->open = false;
    return 0;
}

ssize_t __wrap_recv(int fd, void *to, size_t len, int flags)
{
    peer *p = transport_peer(fd);
    size_t there = p->arrived - p->received;

    if (is_interrupted(p))
        return fail(EINTR);
    if (p->reset)
        return fail(ECONNRESET);
    if (there == 0)
        return p->ended ? 0 : fail(EAGAIN);
    len = len < there ? len : there;
    memcpy(to, p->input.at + p->received, len);
    if ((flags & MSG_PEEK) == 0)
        p->received += len;
    return (ssize_t)len;
}

/* How many of `len` bytes may be sent now, or -1 with errno. */
static ssize_t room_for(peer *p, size_t len)
{
    FUZZ_CHECK(!p->shut);
    if (is_interrupted(p))
        return fail(EINTR);
    if (p->reset)
        return fail(EPIPE);
    if (p->room == 0 && len > 0)
        return fail(EAGAIN);
    len = len < p->room ? len : p->room;
    if (p->room != SIZE_MAX)
        p->room -= len;
    return (ssize_t)len;
}

ssize_t __wrap_send(int fd, const void *data, size_t len, int flags)
{
    peer *p = transport_peer(fd);
    ssize_t n = room_for(p, len);

    FUZZ_CHECK((flags & MSG_NOSIGNAL) != 0);
    if (n > 0)
        gv_buf_append(&p->output, data, (size_t)n);
    return n;
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags)
{
    peer *p = transport_peer(fd);
    size_t len = 0, left;
    ssize_t n;

    FUZZ_CHECK((flags & MSG_NOSIGNAL) != 0);
    for (size_t i = 0; i < msg->msg_iovlen; i++)
        len += msg->msg_iov[i].iov_len;
    n = room_for(p, len);
    left = n > 0 ? (size_t)n : 0;
    for (size_t i = 0; left > 0; i++) {
        size_t part = msg->msg_iov[i].iov_len;

        part = part < left ? part : left;
        if (part > 0)
            gv_buf_append(&p->output, msg->msg_iov[i].iov_base, part);
        left -= part;
    }
    return n;
}

ssize_t __wrap_sendfile(int fd, int from, off_t *offset, size_t len)
{
    peer *p = transport_peer(fd);
    ssize_t n;

    if (p->shortened)
        return 0;
    n = room_for(p, len);
    if (n <= 0)
        return n;
    n = pread(from, gv_buf_reserve(&p->output, (size_t)n), (size_t)n, *offset);
    FUZZ_CHECK(n >= 0);
    p->output.len += (size_t)n;
    *offset += n;
    return n;
}

/* The same ids and boundaries each time. */
ssize_t __wrap_getrandom(void *to, size_t len, unsigned flags)
{
    (void)flags;
    memset(to, 0x5a, len);
    return (ssize_t)len;
}

/* What has left the server has been taken by its client. */
int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list args;

    FUZZ_CHECK(transport_peer(fd) != NULL && request == SIOCOUTQ);
    va_start(args, request);
    *va_arg(args, int *) = 0;
    va_end(args);
    return 0;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    (void)value;
    (void)len;
    if (fd >= FIRST_FD && level == SOL_SOCKET && name == SO_LINGER)
        transport_peer(fd)->aborted = true;
    return 0;
}

int __wrap_shutdown(int fd, int how)
{
    peer *p = transport_peer(fd);

    FUZZ_CHECK(how == SHUT_WR && !p->shut);
    p->shut = true;
    return 0;
}

/* ---- libuv ---- */

int uv_loop_init(uv_loop_t *loop)
{
    memset(loop, 0, sizeof(*loop));
    return 0;
}

int uv_loop_close(uv_loop_t *loop)
{
    (void)loop;
    return closing_count > 0 || handle_count > 0 ? UV_EBUSY : 0;
}

int uv_run(uv_loop_t *loop, uv_run_mode mode)
{
    (void)loop;
    (void)mode;
    if (play != NULL && !stopped)
        play(play_ctx);
    deliver_closings();
    return 0;
}

void uv_stop(uv_loop_t *loop)
{
    (void)loop;
    stopped = true;
}

/* Asked for only among several workers. */
int uv_backend_fd(const uv_loop_t *loop)
{
    (void)loop;
    return -1;
}

uint64_t uv_now(const uv_loop_t *loop)
{
    (void)loop;
    return now_ms;
}

void uv_update_time(uv_loop_t *loop)
{
    (void)loop;
}

int uv_signal_init(uv_loop_t *loop, uv_signal_t *handle)
{
    handle->loop = loop;
    handle_count++;
    return 0;
}

int uv_signal_start(uv_signal_t *handle, uv_signal_cb call, int number)
{
    (void)handle;
    (void)call;
    (void)number;
    return 0;
}

int uv_signal_stop(uv_signal_t *handle)
{
    (void)handle;
    return 0;
}

int uv_timer_init(uv_loop_t *loop, uv_timer_t *handle)
{
    handle->loop = loop;
    handle_count++;
    return 0;
}

/* Its place, or -1; that of NULL is a free one. */
static int timer_of(const uv_timer_t *handle)
{
    for (int i = 0; i < TIMERS; i++)
        if (timers[i].handle == handle)
            return i;
    return -1;
}

int uv_timer_start(uv_timer_t *handle, uv_timer_cb call, uint64_t first,
                   uint64_t repeat)
{
    int index = timer_of(handle) >= 0 ? timer_of(handle) : timer_of(NULL);

    FUZZ_CHECK(index >= 0);
    timers[index].handle = handle;
    timers[index].due = now_ms + first;
    handle->timer_cb = call;
    handle->repeat = repeat;
    return 0;
}

int uv_timer_stop(uv_timer_t *handle)
{
    if (timer_of(handle) >= 0)
        timers[timer_of(handle)].handle = NULL;
    return 0;
}

int uv_prepare_init(uv_loop_t *loop, uv_prepare_t *handle)
{
    handle->loop = loop;
    handle_count++;
    return 0;
}

int uv_prepare_start(uv_prepare_t *handle, uv_prepare_cb call)
{
    FUZZ_CHECK(prepare == NULL || prepare == handle);
    prepare = handle;
    handle->prepare_cb = call;
    return 0;
}

int uv_prepare_stop(uv_prepare_t *handle)
{
    if (prepare == handle)
        prepare = NULL;
    return 0;
}

static watch *watch_of(const uv_poll_t *poll)
{
    for (int i = 0; i < POLLS; i++)
        if (watches[i].poll == poll)
            return &watches[i];
    return NULL;
}

int uv_poll_init(uv_loop_t *loop, uv_poll_t *poll, int fd)
{
    watch *w = watch_of(NULL);

    FUZZ_CHECK(w != NULL && watch_of(poll) == NULL);
    *w = (watch){.poll = poll, .fd = fd};
    poll->loop = loop;
    poll->type = UV_POLL;
    handle_count++;
    return 0;
}

int uv_poll_start(uv_poll_t *poll, int events, uv_poll_cb call)
{
    watch *w = watch_of(poll);

    FUZZ_CHECK(w != NULL);
    w->events = events;
    w->call = call;
    return 0;
}

int uv_poll_stop(uv_poll_t *poll)
{
    FUZZ_CHECK(watch_of(poll) != NULL);
    watch_of(poll)->events = 0;
    return 0;
}

void uv_close(uv_handle_t *handle, uv_close_cb call)
{
    watch *w = watch_of((uv_poll_t *)handle);

    for (int i = 0; i < closing_count; i++)
        FUZZ_CHECK(closings[i].handle != handle);
    if (w != NULL)
        *w = (watch){0};
    FUZZ_CHECK(closing_count < CLOSINGS);
    closings[closing_count].handle = handle;
    closings[closing_count++].call = call;
}
