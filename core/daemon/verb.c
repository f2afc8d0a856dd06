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
    RESEND_MS = 1000,       /* a signal may be lost in one that is pending */
    FIRST_WORD_MS = 10000,  /* the master never takes that long to hear a signal */
    LONGEST_STEP_MS = 60000 /* beside waiting for what timeouts bound */
};

/* One request to a running guavad. */
typedef struct errand {
    const char *verb;
    pid_t pid;
    int replies;         /* a datagram socket */
    int gone;            /* a pidfd of the master: readable once it is gone */
    bool heard;          /* it has answered */
    int64_t patience_ms; /* how long we wait between two of its words */
    int64_t until_ms;    /* when we give up */
} errand;

static int fail(const char *reason)
{
    fprintf(stderr, "guavad: %s\n", reason);
    return EXIT_FAILURE;
}

static int listen_for_replies(errand *task, gv_error *error)
{
    static const int on = 1;
    struct sockaddr_un address;
    socklen_t len = gv_caller_address(&address, getpid());

    task->replies = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (task->replies < 0 ||
        setsockopt(task->replies, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
        bind(task->replies, (struct sockaddr *)&address, len) < 0)
        return gv_error_set(error, "can not listen for the answer: %s",
                            strerror(errno));
    task->gone = (int)syscall(SYS_pidfd_open, task->pid, 0);
    if (task->gone < 0)
        return gv_error_set(error, "pid %d is gone", (int)task->pid);
    return GV_OK;
}

static int send_signal(const errand *task, gv_error *error)
{
    union sigval value = {.sival_int = gv_signal_value_of_verb(task->verb)};

    if (sigqueue(task->pid, gv_signal_of_verb(task->verb), value) == 0)
        return GV_OK;
    return gv_error_set(error, "can not signal pid %d: %s", (int)task->pid,
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
static int read_reply(const errand *task, char *text, size_t size)
{
    char extra[CMSG_SPACE(sizeof(struct ucred))];
    struct iovec into = {text, size - 1};
    struct msghdr message = {.msg_iov = &into, .msg_iovlen = 1};
    ssize_t len;

    do {
        message.msg_control = extra;
        message.msg_controllen = sizeof(extra);
        len = recvmsg(task->replies, &message, 0);
        if (len < 0)
            return GV_AGAIN;
    } while (sender_of(&message) != task->pid);
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

static int hear(errand *task)
{
    char reply[GV_CALLER_TEXT + 1];
    int status = GV_AGAIN;

    while (status == GV_AGAIN && read_reply(task, reply, sizeof(reply)) == GV_OK) {
        task->heard = true;
        task->until_ms = gv_clock_monotonic_ms() + task->patience_ms;
        status = judge_reply(reply);
    }
    return status;
}

/* The master is gone: what a stop asks for, and no other verb. */
static int judge_end(const errand *task)
{
    if (strcmp(task->verb, "stop") != 0 && strcmp(task->verb, "quit") != 0)
        return fail("it died");
    puts("guavad: stopped");
    return EXIT_SUCCESS;
}

static int wait_for_end(errand *task)
{
    gv_error error;

    for (;;) {
        struct pollfd polled[] = {{.fd = task->replies, .events = POLLIN},
                                  {.fd = task->gone, .events = POLLIN}};
        int count = poll(polled, 2, RESEND_MS);
        int status = hear(task);

        if (status != GV_AGAIN)
            return status;
        if (polled[1].revents != 0 && count > 0)
            return judge_end(task);
        if (gv_clock_monotonic_ms() > task->until_ms)
            return fail("it does not answer");
        if (count == 0 && !task->heard && send_signal(task, &error) != GV_OK)
            return fail(error.text);
    }
}

static int ask(errand *task)
{
    gv_error error;
    int status;

    task->replies = task->gone = -1;
    task->until_ms = gv_clock_monotonic_ms() + FIRST_WORD_MS;
    if (listen_for_replies(task, &error) == GV_OK && send_signal(task, &error) == GV_OK)
        status = wait_for_end(task);
    else
        status = fail(error.text);
    if (task->replies >= 0)
        close(task->replies);
    if (task->gone >= 0)
        close(task->gone);
    return status;
}

int gv_verb_send(const char *config, const char *verb)
{
    errand task = {.verb = verb};
    gv_settings settings;
    gv_buf faults = {0};
    gv_error error;
    int status;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (gv_check_run(config, GV_CHECK_FILE, &settings, &faults) != GV_OK) {
        gv_faults_print(&faults);
        gv_buf_dispose(&faults);
        return EXIT_FAILURE;
    }
    task.patience_ms = LONGEST_STEP_MS + settings.graceful_ms + 2 * settings.start_ms;
    if (settings.pidfile == NULL)
        status = fail("the configuration has no server.pidfile to find guavad by");
    else if (gv_pidfile_find(settings.pidfile, &task.pid, &error) != GV_OK)
        status = fail(error.text);
    else
        status = ask(&task);
    gv_settings_dispose(&settings);
    return status;
}
