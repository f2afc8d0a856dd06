#include "daemon/exit_status.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

gv_exit_text gv_exit_cause(int status)
{
    const char *name = WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : NULL;
    gv_exit_text out;

    if (!WIFSIGNALED(status))
        snprintf(out.text, sizeof(out.text), "exit");
    else if (name != NULL)
        snprintf(out.text, sizeof(out.text), "SIG%s", name);
    else
        snprintf(out.text, sizeof(out.text), "signal %d", WTERMSIG(status));
    return out;
}

gv_exit_text gv_exit_describe(int status)
{
    gv_exit_text out;

    if (WIFSIGNALED(status)) {
        snprintf(out.text, sizeof(out.text), "died of %.32s",
                 gv_exit_cause(status).text);
    } else {
        snprintf(out.text, sizeof(out.text), "exited with status %d",
                 WEXITSTATUS(status));
    }
    return out;
}
