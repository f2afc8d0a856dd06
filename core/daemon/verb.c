#include "daemon/verb.h"

#include "base/clock.h"
#include "base/result.h"
#include "daemon/callers.h"
#include "daemon/check.h"
#include "daemon/pidfile.h"
#include "daemon/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    RESEND_MS = 1000,     /* a signal may be lost in one that is pending */
    PATIENCE_MS = 180000, /* longer than any step of a reload may take */
};

/* One request to a running guavad. */
typedef struct request {
    const char *verb;
    pid_t pid;
    int replies; /* a datagram socket */
    int gone;    /* a pidfd of the master: readable once it is gone */
    bool heard;  /* it has answered */
    int64_t patience_ms;
    int64_t until_ms; /* when we give up */
} request;

static int fail(const char *reason)
{
    fprintf(stderr, "guavad: %s\n", reason);
    return EXIT_FAILURE;
}

static int print_faults(gv_buf *faults)
{
    gv_slice rest = gv_buf_slice(faults), line;

    while (gv_fault_next(&rest, &line))
        fprintf(stderr, "guavad: %.*s\n", (int)line.len, line.at);
    gv_buf_dispose(faults);
    return EXIT_FAILURE;
}

static int listen_for_replies(request *request, gv_error *error)
{
    static const int on = 1;
    struct sockaddr_un address;
    socklen_t len = gv_caller_address(&address, getpid());

    request->replies = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (request->replies < 0 ||
        setsockopt(request->replies, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
        bind(request->replies, (struct sockaddr *)&address, len) < 0)
        return gv_error_set(error, "can not listen for the answer: %s",
                            strerror(errno));
    request->gone = (int)syscall(SYS_pidfd_open, request->pid, 0);
    if (request->gone < 0)
        return gv_error_set(error, "guavad (pid %d) is gone", (int)request->pid);
    return GV_OK;
}

static int send_signal(const request *request, gv_error *error)
{
    if (sigqueue(request->pid, gv_signal_of_verb(request->verb), (union sigval){0}) ==
        0)
        return GV_OK;
    return gv_error_set(error, "can not signal guavad (pid %d): %s", (int)request->pid,
                        strerror(errno));
}

/* The sender of a message that carries its credentials; 0 if it does not. */
static pid_t sender_of(struct msghdr *message)
{
    struct cmsghdr *head = CMSG_FIRSTHDR(message);
    struct ucred sender;

    if (head == NULL || head->cmsg_type != SCM_CREDENTIALS)
        return 0;
    memcpy(&sender, CMSG_DATA(head), sizeof(sender));
    return sender.pid;
}

/* One reply of the master, and of nobody else, into `text`; GV_AGAIN if none. */
static int read_reply(const request *request, char *text, size_t size)
{
    char extra[CMSG_SPACE(sizeof(struct ucred))];
    struct iovec into = {text, size - 1};
    struct msghdr message = {.msg_iov = &into, .msg_iovlen = 1};
    ssize_t len;

    do {
        message.msg_control = extra;
        message.msg_controllen = sizeof(extra);
        len = recvmsg(request->replies, &message, 0);
        if (len < 0)
            return GV_AGAIN;
    } while (sender_of(&message) != request->pid);
    text[len] = '\0';
    return GV_OK;
}

/* The exit status that the reply means, or GV_AGAIN if it is not the last. */
static int judge_reply(char *reply)
{
    char *text = strchr(reply, ' ');

    if (text == NULL)
        return GV_AGAIN;
    *text++ = '\0';
    if (strcmp(reply, "failed") == 0)
        return fail(text);
    printf("guavad: %s\n", text);
    return strcmp(reply, "done") == 0 ? EXIT_SUCCESS : GV_AGAIN;
}

static int hear(request *request)
{
    char reply[GV_CALLER_TEXT + 1];
    int status = GV_AGAIN;

    while (status == GV_AGAIN && read_reply(request, reply, sizeof(reply)) == GV_OK) {
        request->heard = true;
        request->until_ms = gv_clock_monotonic_ms() + request->patience_ms;
        status = judge_reply(reply);
    }
    return status;
}

/* The master is gone: what a stop asks for, and no other verb. */
static int judge_end(const request *request)
{
    if (strcmp(request->verb, "stop") != 0 && strcmp(request->verb, "quit") != 0)
        return fail("guavad died");
    puts("guavad: guavad has stopped");
    return EXIT_SUCCESS;
}

/* For a stop, "done" is not the end of it: the process has to be gone. */
static int wait_for_end(request *request)
{
    gv_error error;

    for (;;) {
        struct pollfd polled[] = {{.fd = request->replies, .events = POLLIN},
                                  {.fd = request->gone, .events = POLLIN}};
        int count = poll(polled, 2, RESEND_MS);
        int status = hear(request);

        if (status != GV_AGAIN)
            return status;
        if (polled[1].revents != 0 && count > 0)
            return judge_end(request);
        if (gv_clock_monotonic_ms() > request->until_ms)
            return fail("guavad does not answer");
        if (count == 0 && !request->heard && send_signal(request, &error) != GV_OK)
            return fail(error.text);
    }
}

static int ask(request *request)
{
    gv_error error;
    int status;

    request->replies = request->gone = -1;
    request->until_ms = gv_clock_monotonic_ms() + request->patience_ms;
    if (listen_for_replies(request, &error) == GV_OK &&
        send_signal(request, &error) == GV_OK)
        status = wait_for_end(request);
    else
        status = fail(error.text);
    if (request->replies >= 0)
        close(request->replies);
    if (request->gone >= 0)
        close(request->gone);
    return status;
}

int gv_verb_send(const char *config, const char *verb)
{
    request request = {.verb = verb};
    gv_settings settings;
    gv_buf faults = {0};
    gv_error error;
    int status;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (gv_check_run(config, false, &settings, &faults) != GV_OK)
        return print_faults(&faults);
    request.patience_ms = PATIENCE_MS + settings.graceful_ms;
    if (settings.pidfile == NULL)
        status = fail("the configuration has no server.pidfile to find guavad by");
    else if (gv_pidfile_find(settings.pidfile, &request.pid, &error) != GV_OK)
        status = fail(error.text);
    else
        status = ask(&request);
    gv_settings_dispose(&settings);
    return status;
}
