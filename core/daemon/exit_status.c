#include "daemon/exit_status.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

gv_exit_text gv_exit_describe(int status)
{
    gv_exit_text out;

    if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));

        if (name != NULL)
            snprintf(out.text, sizeof(out.text), "died of SIG%s", name);
        else
            snprintf(out.text, sizeof(out.text), "died of signal %d", WTERMSIG(status));
    } else {
        snprintf(out.text, sizeof(out.text), "exited with status %d",
                 WEXITSTATUS(status));
    }
    return out;
}
