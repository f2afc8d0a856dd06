#include "daemon/mold.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum { REPLY_MAX = 1024, PATIENCE_MS = 2000 /* it has nothing else to do */ };

gv_worker *gv_mold_of(const gv_generation *generation)
{
    gv_worker *first = generation->workers;

    if (first == NULL || !gv_worker_is_mold(first) || first->control < 0)
        return NULL;
    return first->state == GV_WORKER_READY && !first->is_unfit ? first : NULL;
}

void gv_mold_prepare(void)
{
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

/* Its next message, NUL-terminated; "" where it is gone or does not answer. */
static void receive_reply(const gv_worker *mold, char reply[REPLY_MAX])
{
    int64_t until = gv_clock_monotonic_ms() + PATIENCE_MS, left;
    ssize_t len = -1;

    while (len < 0 && (left = until - gv_clock_monotonic_ms()) > 0) {
        struct pollfd polled = {.fd = mold->control, .events = POLLIN};

        poll(&polled, 1, (int)left);
        len = recv(mold->control, reply, REPLY_MAX - 1, 0);
        if (len < 0 && errno != EAGAIN && errno != EINTR)
            break;
    }
    reply[len > 0 ? len : 0] = '\0';
}

pid_t gv_mold_fork(gv_worker *mold, const gv_worker *worker, int control)
{
    static const char forked[] = "forked ";
    char reply[REPLY_MAX] = "";

    if (send_order(mold, worker, control) == GV_OK)
        receive_reply(mold, reply);
    if (strncmp(reply, forked, strlen(forked)) == 0)
        return (pid_t)atoi(reply + strlen(forked));
    gv_worker_take_refusal(mold, reply);
    return GV_FAILED;
}
