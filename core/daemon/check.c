#include "daemon/check.h"

#include "base/clock.h"
#include "base/result.h"
#include "daemon/child.h"
#include "daemon/exit_status.h"
#include "daemon/inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The kernel forgets PDEATHSIG when the child becomes another user. */
static void end_with_parent(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(GV_CHECK_LIMIT_MS / 1000 + 1);
}

static _Noreturn void run_child(const char *path, int out, gv_check_depth depth)
{
    int keep[] = {out, gv_log_fd()};
    gv_error error = {""};
    int status;

    end_with_parent();
    gv_inherit_no_signals();
    gv_inherit_descriptors(keep, 2);
    gv_log_set_name("check");
    status = gv_child_check(path, out, depth != GV_CHECK_FILE,
                            depth == GV_CHECK_FOR_START, &error);
    if (status == GV_FAILED) {
        dprintf(out, "error=%s: can not be checked: %s\n", path, error.text);
        status = 1;
    }
    _exit(status);
}

int gv_check_start(gv_check *check, const char *path, gv_check_depth depth,
                   gv_error *error)
{
    int out[2];
    pid_t pid;

    if (pipe2(out, O_CLOEXEC) < 0)
        return gv_error_set(error, "can not open a pipe: %s", strerror(errno));
    pid = fork();
    if (pid < 0) {
        close(out[0]);
        close(out[1]);
        return gv_error_set(error, "can not fork: %s", strerror(errno));
    }
    if (pid == 0)
        run_child(path, out[1], depth);
    close(out[1]);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    *check = (gv_check){.pid = pid,
                        .fd = out[0],
                        .limit_ms = GV_CHECK_LIMIT_MS,
                        .due_ms = gv_clock_monotonic_ms() + GV_CHECK_LIMIT_MS};
    return GV_OK;
}

static void close_output(gv_check *check)
{
    if (check->fd >= 0)
        close(check->fd);
    check->fd = -1;
}

/* The child's first line is how long it may take from then on; by itself it ends before
 * that, and says why. */
static void take_limit(gv_check *check)
{
    enum { LAST_WORDS_MS = 1000 };
    static const char key[] = "start=";
    gv_slice said = gv_buf_slice(&check->output);

    if (check->is_timed || memchr(said.at, '\n', said.len) == NULL)
        return;
    check->is_timed = true;
    if (!gv_slice_starts_with(said, GV_SLICE(key)))
        return;
    check->limit_ms = strtoll(said.at + strlen(key), NULL, 10);
    check->due_ms = gv_clock_monotonic_ms() + check->limit_ms + LAST_WORDS_MS;
}

void gv_check_read(gv_check *check)
{
    enum { PIECE = 16384 };

    while (check->fd >= 0) {
        ssize_t got = read(check->fd, gv_buf_reserve(&check->output, PIECE), PIECE);

        if (got > 0) {
            check->output.len += (size_t)got;
            take_limit(check);
        } else if (got < 0 && errno == EAGAIN) {
            return;
        } else if (got == 0 || errno != EINTR) {
            close_output(check);
        }
    }
}

void gv_check_enforce_limit(gv_check *check)
{
    if (check->pid == 0 || check->too_slow || gv_clock_monotonic_ms() < check->due_ms)
        return;
    check->too_slow = true;
    check->due_ms = INT64_MAX;
    kill(check->pid, SIGKILL);
}

bool gv_fault_next(gv_slice *rest, gv_slice *line)
{
    const char *end;

    if (rest->len == 0)
        return false;
    end = memchr(rest->at, '\n', rest->len);
    line->at = rest->at;
    line->len = end != NULL ? (size_t)(end - rest->at) : rest->len;
    *rest = gv_slice_from(*rest, line->len + (end != NULL));
    return true;
}

void gv_faults_print(const gv_buf *faults)
{
    gv_slice rest = gv_buf_slice(faults), line;

    while (gv_fault_next(&rest, &line))
        fprintf(stderr, "guavad: %.*s\n", (int)line.len, line.at);
}

/* The child's "error=" lines, without that. */
static void gather_faults(const gv_check *check, gv_buf *faults)
{
    gv_slice rest = gv_buf_slice(&check->output), line;

    while (gv_fault_next(&rest, &line)) {
        if (!gv_slice_starts_with(line, GV_SLICE("error=")))
            continue;
        gv_buf_append_slice(faults, gv_slice_from(line, strlen("error=")));
        gv_buf_append_literal(faults, "\n");
    }
}

static void explain_failure(const gv_check *check, int status, gv_buf *faults)
{
    gather_faults(check, faults);
    if (check->too_slow)
        gv_buf_printf(faults,
                      "the configuration check took longer than %" PRId64 " ms\n",
                      check->limit_ms);
    else if (faults->len == 0)
        gv_buf_printf(faults, "the configuration check %s\n",
                      gv_exit_describe(status).text);
}

int gv_check_finish(gv_check *check, int status, gv_settings *settings, gv_buf *faults)
{
    gv_error error = {""};
    int result = GV_FAILED;

    gv_check_read(check);
    if (status != 0)
        explain_failure(check, status, faults);
    else if (gv_settings_parse(settings, gv_buf_slice(&check->output), &error) == GV_OK)
        result = GV_OK;
    else
        gv_buf_printf(faults, "%s\n", error.text);
    close_output(check);
    gv_buf_dispose(&check->output);
    *check = (gv_check){.fd = -1};
    return result;
}

void gv_check_cancel(gv_check *check)
{
    if (check->pid == 0)
        return;
    kill(check->pid, SIGKILL);
    while (waitpid(check->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    close_output(check);
    gv_buf_dispose(&check->output);
    *check = (gv_check){.fd = -1};
}

/* Reads on until the child is gone; the end of its output would not do, for the
 * application may have left a process behind that holds it. */
static int wait_for(gv_check *check)
{
    int gone = (int)syscall(SYS_pidfd_open, check->pid, 0);
    int status;

    while (!check->too_slow) {
        struct pollfd polled[] = {{.fd = check->fd, .events = POLLIN},
                                  {.fd = gone, .events = POLLIN}};
        int64_t left = check->due_ms - gv_clock_monotonic_ms();

        if (poll(polled, 2, left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left) > 0)
            gv_check_read(check);
        if (polled[1].revents != 0 || (gone < 0 && check->fd < 0))
            break;
        gv_check_enforce_limit(check);
    }
    while (waitpid(check->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (gone >= 0)
        close(gone);
    return status;
}

int gv_check_run(const char *path, gv_check_depth depth, gv_settings *settings,
                 gv_buf *faults)
{
    gv_check check;
    gv_error error = {""};

    if (gv_check_start(&check, path, depth, &error) != GV_OK) {
        gv_buf_printf(faults, "%s\n", error.text);
        return GV_FAILED;
    }
    return gv_check_finish(&check, wait_for(&check), settings, faults);
}
