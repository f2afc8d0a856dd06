#include "daemon/inherit.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

void gv_inherit_descriptors(int *keep, size_t count)
{
    int first = STDERR_FILENO + 1;

    qsort(keep, count, sizeof(*keep), by_number);
    for (size_t i = 0; i < count; i++) {
        if (keep[i] > first)
            close_range((unsigned)first, (unsigned)keep[i] - 1, 0);
        if (keep[i] >= first)
            first = keep[i] + 1;
    }
    close_range((unsigned)first, ~0U, 0);
}

static void unblock_all(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void set_defaults(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL); /* refused for SIGKILL, SIGSTOP and libc's own */
}

void gv_inherit_no_signals(void)
{
    set_defaults();
    unblock_all();
}

void gv_inherit_worker_signals(void)
{
    static const int ignored[] = {SIGINT,  SIGHUP,  SIGUSR1, SIGUSR2,
                                  SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ};

    set_defaults();
    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
        signal(ignored[i], SIG_IGN);
    unblock_all();
}
