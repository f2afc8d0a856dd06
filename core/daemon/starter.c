#include "daemon/starter.h"

#include "base/result.h"
#include "daemon/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int waiting = -1; /* the pipe to the process that waits; -1: none does */

static const char good_news[] = "+";

static _Noreturn void wait_for_news(int news)
{
    char text[1024];
    size_t len = 0;
    ssize_t got;

    while ((got = read(news, text + len, sizeof(text) - len - 1)) != 0) {
        if (got > 0)
            len += (size_t)got;
        else if (errno != EINTR)
            break;
    }
    text[len] = '\0';
    if (strcmp(text, good_news) == 0)
        _exit(EXIT_SUCCESS);
    fputs(len > 0 ? text : "guavad: died while starting\n", stderr);
    _exit(EXIT_FAILURE);
}

static int use_null_streams(gv_error *error)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0)
        return gv_error_set(error, "can not open /dev/null: %s", strerror(errno));
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    if (null > STDERR_FILENO)
        close(null);
    return GV_OK;
}

/* The second fork: a session leader could get a terminal again. */
static int leave_session(gv_error *error)
{
    pid_t pid;

    setsid();
    pid = fork();
    if (pid < 0)
        return gv_error_set(error, "can not fork: %s", strerror(errno));
    if (pid > 0)
        _exit(EXIT_SUCCESS);
    return use_null_streams(error);
}

int gv_starter_detach(gv_error *error)
{
    int news[2];
    pid_t pid;

    if (pipe2(news, O_CLOEXEC) < 0)
        return gv_error_set(error, "can not detach: %s", strerror(errno));
    pid = fork();
    if (pid < 0) {
        close(news[0]);
        close(news[1]);
        return gv_error_set(error, "can not fork: %s", strerror(errno));
    }
    if (pid > 0) {
        close(news[1]);
        wait_for_news(news[0]);
    }
    close(news[0]);
    waiting = news[1];
    return leave_session(error);
}

static void stop_waiting(void)
{
    close(waiting);
    waiting = -1;
}

void gv_starter_succeed(void)
{
    if (waiting < 0)
        return;
    dprintf(waiting, "%s", good_news);
    stop_waiting();
}

void gv_starter_fail(const char *reason)
{
    gv_handover_tell("failed", reason);
    dprintf(waiting >= 0 ? waiting : STDERR_FILENO, "guavad: %s\n", reason);
    if (waiting >= 0)
        stop_waiting();
}
