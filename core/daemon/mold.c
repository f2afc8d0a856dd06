#include "daemon/mold.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum { REPLY_MAX = 1024, PATIENCE_MS = 5000 /* it has nothing else to do */ };

gv_worker *gv_mold_of(const gv_generation *generation)
{
    gv_worker *first = generation->workers;

    if (first == NULL || !gv_worker_is_mold(first) || first->control < 0)
        return NULL;
    return first->state == GV_WORKER_READY && !first->is_unfit ? first : NULL;
}

void gv_mold_prepare(int control)
{
    static const int on = 1;

    setsockopt(control, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static int send_order(const gv_worker *mold, const gv_worker *worker, int control)
{
    char text[64];
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(control))];
    } extra = {0};
    struct iovec part = {text, 0};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &extra,
                             .msg_controllen = sizeof(extra)};

    part.iov_len = (size_t)snprintf(text, sizeof(text), "fork %u %u %d", worker->slot,
                                    worker->number, gv_worker_warms_up(worker));
    extra.head.cmsg_level = SOL_SOCKET;
    extra.head.cmsg_type = SCM_RIGHTS;
    extra.head.cmsg_len = CMSG_LEN(sizeof(control));
    memcpy(CMSG_DATA(&extra.head), &control, sizeof(control));
    return sendmsg(mold->control, &message, MSG_NOSIGNAL) < 0 ? GV_FAILED : GV_OK;
}

/* Who sent the message; 0 if the kernel did not say. */
static pid_t sender_of(struct msghdr *message)
{
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    struct ucred sender;

    if (head == NULL || head->cmsg_level != SOL_SOCKET ||
        head->cmsg_type != SCM_CREDENTIALS)
        return 0;
    memcpy(&sender, CMSG_DATA(head), sizeof(sender));
    return sender.pid;
}

/* The next message on its channel, NUL-terminated, and who sent it; "" where it is gone
 * or does not answer. */
static pid_t receive_reply(const gv_worker *mold, char reply[REPLY_MAX])
{
    int64_t until = gv_clock_monotonic_ms() + PATIENCE_MS, left;
    _Alignas(struct cmsghdr) char extra[CMSG_SPACE(sizeof(struct ucred))];
    struct iovec into = {reply, REPLY_MAX - 1};
    struct msghdr message = {.msg_iov = &into, .msg_iovlen = 1};
    ssize_t len = -1;

    while (len < 0 && (left = until - gv_clock_monotonic_ms()) > 0) {
        struct pollfd polled = {.fd = mold->control, .events = POLLIN};

        poll(&polled, 1, (int)left);
        message.msg_control = extra;
        message.msg_controllen = sizeof(extra);
        len = recvmsg(mold->control, &message, MSG_CMSG_CLOEXEC);
        if (len < 0 && errno != EAGAIN && errno != EINTR)
            break;
    }
    reply[len > 0 ? len : 0] = '\0';
    return len > 0 ? sender_of(&message) : 0;
}

pid_t gv_mold_fork(gv_worker *mold, const gv_worker *worker, int control)
{
    char reply[REPLY_MAX] = "";
    pid_t sender = 0;

    if (send_order(mold, worker, control) == GV_OK)
        sender = receive_reply(mold, reply);
    if (strcmp(reply, "forked") == 0 && sender > 0)
        return sender;
    gv_worker_take_refusal(mold, reply);
    return GV_FAILED;
}
