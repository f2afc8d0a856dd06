#include "daemon/signals.h"

#include "daemon/master.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const struct {
    int number;
    const char *verb;
    void (*act)(gv_master *master, pid_t caller);
} signals[] = {
    {SIGHUP, "reload", gv_reload_ask},    {SIGUSR1, "reopen", gv_master_reopen_logs},
    {SIGQUIT, "quit", gv_master_quit},    {SIGINT, "stop", gv_master_stop},
    {SIGTERM, NULL, gv_master_terminate}, {SIGTTIN, NULL, gv_master_grow},
    {SIGTTOU, NULL, gv_master_shrink},    {SIGCHLD, NULL, gv_master_reap},
};

enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

int gv_signal_of_verb(const char *verb)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i].verb != NULL && strcmp(signals[i].verb, verb) == 0)
            return signals[i].number;
    }
    return 0;
}

void gv_signals_hold(void)
{
    static const int numbers[] = {SIGHUP, SIGUSR1, SIGTTIN, SIGTTOU};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaddset(&set, numbers[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGUSR2, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* what is written says so too */
}

int gv_signals_open(gv_error *error)
{
    sigset_t set;
    int fd;

    sigemptyset(&set);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        sigaddset(&set, signals[i].number);
        signal(signals[i].number, SIG_DFL); /* what is ignored is not even blocked */
    }
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        return gv_error_set(error, "can not receive signals: %s", strerror(errno));
    return fd;
}

static void act_on(const struct signalfd_siginfo *info, gv_master *master)
{
    pid_t caller = info->ssi_code == SI_QUEUE ? (pid_t)info->ssi_pid : 0;

    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i].number == (int)info->ssi_signo)
            signals[i].act(master, caller);
    }
}

void gv_signals_dispatch(int fd, gv_master *master)
{
    struct signalfd_siginfo info;

    while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        act_on(&info, master);
}
