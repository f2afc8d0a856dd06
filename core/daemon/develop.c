#include "daemon/develop.h"

#include "base/mem.h"
#include "daemon/child.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The pid of guava.dev, which sets it. */
static const char variable[] = "GUAVAD_BELOW";

int gv_develop_run(const gv_options *options, gv_error *error)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
    const char **arguments;
    int result;

    if (len < 0)
        return gv_error_set(error, "can not find guavad: %s", strerror(errno));
    self[len] = '\0';
    arguments = gv_calloc(options->override_count + 3, sizeof(*arguments));
    arguments[0] = self;
    arguments[1] = options->config;
    for (size_t i = 0; i < options->override_count; i++)
        arguments[2 + i] = options->overrides[i];
    result = gv_child_become("guava.dev", arguments, error);
    free(arguments);
    return result;
}

void gv_develop_stay_below(void)
{
    const char *pid = getenv(variable);
    bool is_orphan;

    if (pid == NULL)
        return;
    prctl(PR_SET_PDEATHSIG, SIGINT);
    is_orphan = getppid() != (pid_t)strtol(pid, NULL, 10);
    unsetenv(variable);
    if (is_orphan)
        exit(EXIT_FAILURE);
}
