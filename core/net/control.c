#include "net/control.h"

#include "base/log.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE_MAX = 1024, DESCRIPTORS_MAX = 2 };

typedef struct message {
    char text[MESSAGE_MAX];
    size_t len;
    int fds[DESCRIPTORS_MAX];
    int fd_count;
} message;

static void take_descriptors(message *msg, struct msghdr *header)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part != NULL;
         part = CMSG_NXTHDR(header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        msg->fd_count = (int)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(msg->fds, CMSG_DATA(part), (size_t)msg->fd_count * sizeof(int));
    }
}

/* GV_OK with a message, GV_AGAIN for none yet, GV_FAILED at the end of file. */
static int receive(int fd, message *msg)
{
    _Alignas(struct cmsghdr) char space[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
    struct iovec text = {msg->text, sizeof(msg->text)};
    struct msghdr header = {.msg_iov = &text,
                            .msg_iovlen = 1,
                            .msg_control = space,
                            .msg_controllen = sizeof(space)};
    ssize_t n;

    do {
        n = recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return GV_AGAIN;
    if (n <= 0)
        return GV_FAILED;
    msg->len = (size_t)n;
    msg->fd_count = 0;
    take_descriptors(msg, &header);
    return GV_OK;
}

/* Standard streams stay open in what the application starts. */
static void replace(int old, int new)
{
    if (dup3(new, old, old > STDERR_FILENO ? O_CLOEXEC : 0) < 0)
        gv_log(GV_ERROR, "a log can not be reopened: %s", strerror(errno));
}

/* The new logs take the places of the old: everything that holds those numbers goes
 * on with them, Python's faulthandler too. */
static void reopen(gv_server *server, const message *msg)
{
    gv_access_log_flush(&server->access_log);
    if (msg->fd_count > 0)
        replace(gv_log_fd(), msg->fds[0]);
    if (msg->fd_count > 1 && server->access_log.fd >= 0)
        replace(server->access_log.fd, msg->fds[1]);
    for (int i = 0; i < msg->fd_count; i++)
        close(msg->fds[i]);
}

/* `kept` is the numbers behind "drain", each with a space before it. */
static void drain(gv_server *server, gv_slice kept)
{
    unsigned index = 0;

    for (size_t i = 1; i <= kept.len; i++) {
        if (i == kept.len || kept.at[i] == ' ') {
            gv_server_keep_listening(server, index);
            index = 0;
        } else {
            index = 10 * index + (unsigned)(kept.at[i] - '0');
        }
    }
    gv_server_drain(server, GV_HASTE_NONE);
}

static void obey(gv_server *server, const message *msg)
{
    gv_slice verb = {msg->text, msg->len};

    if (gv_slice_starts_with(verb, GV_SLICE("drain")))
        drain(server, gv_slice_from(verb, strlen("drain")));
    else if (gv_slice_equal(verb, GV_SLICE("hurry")))
        gv_server_drain(server, GV_HASTE_SOME);
    else if (gv_slice_equal(verb, GV_SLICE("close")))
        gv_server_drain(server, GV_HASTE_UTMOST);
    else if (gv_slice_equal(verb, GV_SLICE("stop")))
        gv_server_stop(server);
    else if (gv_slice_equal(verb, GV_SLICE("look")))
        gv_server_look(server);
    else if (gv_slice_equal(verb, GV_SLICE("reopen")))
        reopen(server, msg);
}

static void on_message(uv_poll_t *poll, int status, int events)
{
    gv_control *control = (gv_control *)poll;
    message msg;
    int outcome;

    (void)status;
    (void)events;
    while ((outcome = receive(control->fd, &msg)) == GV_OK)
        obey(control->server, &msg);
    if (outcome == GV_FAILED) {
        uv_poll_stop(&control->poll);
        gv_log(GV_WARNING, "the master is gone: finishing what runs, then leaving");
        gv_server_drain(control->server, GV_HASTE_SOME);
    }
}

gv_control *gv_control_new(gv_server *server, int fd)
{
    gv_control *control = gv_calloc(1, sizeof(*control));
    int error = uv_poll_init(&server->loop, &control->poll, fd);

    if (error < 0) {
        free(control);
        errno = -error;
        return NULL;
    }
    control->server = server;
    control->fd = fd;
    uv_poll_start(&control->poll, UV_READABLE | UV_DISCONNECT, on_message);
    return control;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

void gv_control_close(gv_control *control)
{
    uv_close((uv_handle_t *)&control->poll, on_closed);
}

void gv_control_ready(gv_control *control)
{
    /* A master that is gone shows as the end of file. */
    (void)!send(control->fd, "ready", sizeof("ready") - 1, MSG_NOSIGNAL);
}

void gv_control_wake(gv_control *control, int slot)
{
    char text[32];
    int len = snprintf(text, sizeof(text), "wake %d", slot);

    /* Where it does not get through, we look again by ourselves. */
    (void)!send(control->fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
}
