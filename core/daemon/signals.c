#include "daemon/signals.h"

#include "daemon/master.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const struct {
    int number;
    int value; /* as sigqueue() sends it along; kill() sends 0 */
    const char *verb;
    void (*act)(gv_master *master, pid_t caller);
} signals[] = {
    {SIGHUP, 0, "reload", gv_reload_ask},
    {SIGHUP, 1, "rollback", gv_reload_roll_back},
    {SIGUSR1, 0, "reopen", gv_master_reopen_logs},
    {SIGQUIT, 0, "quit", gv_master_quit},
    {SIGINT, 0, "stop", gv_master_stop},
    {SIGTERM, 0, NULL, gv_master_terminate},
    {SIGTTIN, 0, NULL, gv_master_grow},
    {SIGTTOU, 0, NULL, gv_master_shrink},
    {SIGUSR2, 0, "upgrade", gv_upgrade_ask},
    {SIGCHLD, 0, NULL, gv_master_reap},
};

enum { SIGNAL_COUNT = sizeof(signals) / sizeof(signals[0]) };

/* Its index, or SIGNAL_COUNT. */
static size_t find_verb(const char *verb)
{
    size_t i = 0;

    while (i < SIGNAL_COUNT &&
           (signals[i].verb == NULL || strcmp(signals[i].verb, verb) != 0))
        i++;
    return i;
}

int gv_signal_of_verb(const char *verb)
{
    size_t i = find_verb(verb);

    return i < SIGNAL_COUNT ? signals[i].number : 0;
}

int gv_signal_value_of_verb(const char *verb)
{
    size_t i = find_verb(verb);

    return i < SIGNAL_COUNT ? signals[i].value : 0;
}

/* The kernel drops them for process 1 of a container, which has no handler yet. */
static void hold_endings(sigset_t *set)
{
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGQUIT);
}

void gv_signals_hold(void)
{
    static const int numbers[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaddset(&set, numbers[i]);
    if (getpid() == 1)
        hold_endings(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
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
    bool is_queued = info->ssi_code == SI_QUEUE;
    pid_t caller = is_queued ? (pid_t)info->ssi_pid : 0;
    int value = is_queued ? info->ssi_int : 0;

    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i].number == (int)info->ssi_signo && signals[i].value == value)
            signals[i].act(master, caller);
    }
}

void gv_signals_dispatch(int fd, gv_master *master)
{
    struct signalfd_siginfo info;

    while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        act_on(&info, master);
}
