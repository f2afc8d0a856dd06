#include "daemon/upgrade.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/exit_status.h"
#include "daemon/handover.h"
#include "daemon/inherit.h"
#include "daemon/master.h"
#include "daemon/notify.h"
#include "daemon/passed.h"
#include "daemon/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FIRST_WORD_MS = 5000, /* it comes before anything that takes time */
    MARGIN_MS = 10000     /* beyond the limits that it has itself */
};

static struct {
    char *path; /* as it was started, so that links are followed again */
    char **argv;
} command;

void gv_upgrade_set_command(char **argv)
{
    const char *path = (const char *)getauxval(AT_EXECFN);
    char directory[PATH_MAX];
    gv_buf absolute = {0};

    command.argv = argv;
    if (path == NULL)
        path = argv[0];
    if (path[0] != '/' && getcwd(directory, sizeof(directory)) != NULL)
        gv_buf_printf(&absolute, "%s/", directory);
    gv_buf_append(&absolute, path, strlen(path) + 1);
    command.path = absolute.at;
}

static void announce(gv_upgrade *upgrade, gv_level level, const char *text)
{
    gv_log(level, "%s", text);
    gv_callers_tell(&upgrade->callers, "step", text);
    gv_notify_status(text);
}

/* ------------------------------------------------------------------- beginning */

static void let_inherit(int fd)
{
    fcntl(fd, F_SETFD, 0);
}

/* What daemon/handover.h lists, in a file of memory; its descriptor, or -1. */
static int write_list(const gv_master *master)
{
    gv_buf list = {0};
    int fd = memfd_create("guavad-handover", MFD_CLOEXEC);
    bool is_written;

    gv_buf_append_literal(&list, GV_HANDOVER_FORMAT "\n");
    gv_buf_printf(&list, "generation %u\n", master->last_number);
    if (master->pidfile.path != NULL)
        gv_buf_printf(&list, "pidfile %s\n", master->pidfile.path);
    gv_sockets_list(&master->sockets, &list);
    gv_buf_printf(&list, "shared %d %d\n", gv_shared_get().data, gv_shared_get().locks);
    for (size_t i = 0; i < gv_passed_count(); i++)
        gv_buf_printf(&list, "passed %d %s\n", gv_passed_fd(i), gv_passed_name(i));
    is_written = write(fd, list.at, list.len) == (ssize_t)list.len;
    gv_buf_dispose(&list);
    if (is_written)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static _Noreturn void run_next(const gv_master *master, int list, int channel)
{
    char variable[32], reason[GV_HANDOVER_TEXT];

    snprintf(variable, sizeof(variable), "%d %d", list, channel);
    setenv(GV_HANDOVER_VARIABLE, variable, 1);
    gv_notify_restore();
    gv_inherit_no_signals();
    gv_sockets_let_inherit(&master->sockets);
    for (size_t i = 0; i < gv_passed_count(); i++)
        let_inherit(gv_passed_fd(i));
    let_inherit(gv_shared_get().data);
    let_inherit(gv_shared_get().locks);
    let_inherit(list);
    let_inherit(channel);
    execv(command.path, command.argv);
    snprintf(reason, sizeof(reason), "failed can not run %s: %s", command.path,
             strerror(errno));
    send(channel, reason, strlen(reason), MSG_NOSIGNAL);
    _exit(EXIT_FAILURE);
}

static int start_next(gv_master *master, gv_error *error)
{
    gv_upgrade *upgrade = &master->upgrade;
    int list = write_list(master), ends[2];
    pid_t pid;

    if (list < 0)
        return gv_error_set(error, "can not list the sockets: %s", strerror(errno));
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        close(list);
        return gv_error_set(error, "can not make a channel: %s", strerror(errno));
    }
    pid = fork();
    if (pid == 0)
        run_next(master, list, ends[1]);
    close(list);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return gv_error_set(error, "can not fork: %s", strerror(errno));
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    upgrade->pid = pid;
    upgrade->channel = ends[0];
    upgrade->due_ms = gv_clock_monotonic_ms() + FIRST_WORD_MS;
    return GV_OK;
}

/* Why there can be no upgrade now, or NULL. */
static const char *obstacle(const gv_master *master)
{
    if (master->stopping != GV_STOPPING_NOT)
        return "guavad is stopping";
    if (gv_reload_is_under_way(&master->reload) || master->serving == NULL)
        return "a reload is under way";
    if (getpid() == 1)
        return "guavad is process 1 of its container, which would end with it";
    return NULL;
}

static void refuse(pid_t caller, const char *reason)
{
    gv_callers callers = {0};

    gv_log(GV_WARNING, "no upgrade: %s", reason);
    gv_callers_add(&callers, caller);
    gv_callers_dismiss(&callers, "failed", reason);
}

/* ---------------------------------------------------------------------- ending */

/* Of an upgrade, whose callers have been told. */
static void forget(gv_upgrade *upgrade)
{
    if (upgrade->channel >= 0)
        close(upgrade->channel);
    free(upgrade->pidfile);
    *upgrade = GV_UPGRADE_IDLE;
}

/* After its end nobody else holds it. */
static void take_pidfile_back(gv_master *master)
{
    gv_error error;

    if (master->upgrade.pidfile != NULL &&
        gv_pidfile_open(&master->pidfile, master->upgrade.pidfile, &error) != GV_OK)
        gv_log(GV_ERROR, "%s", error.text);
}

static void give_up(gv_master *master, const char *reason)
{
    gv_upgrade *upgrade = &master->upgrade;
    bool wants_reload = upgrade->wants_reload;
    gv_error text;

    if (upgrade->pid > 0) {
        kill(upgrade->pid, SIGKILL);
        while (waitpid(upgrade->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    take_pidfile_back(master);
    gv_error_set(&text, "upgrade failed, generation %u serves on: %s",
                 master->serving->number, reason);
    gv_log(GV_ERROR, "%s", text.text);
    gv_notify_ready(text.text);
    gv_callers_dismiss(&upgrade->callers, "failed", text.text);
    forget(upgrade);
    if (wants_reload)
        gv_reload_ask(master, 0);
}

/* The new guavad serves and has all that was ours. */
static void succeed(gv_master *master)
{
    gv_upgrade *upgrade = &master->upgrade;
    gv_error text;

    send(upgrade->channel, "done", strlen("done"), MSG_NOSIGNAL);
    gv_error_set(&text, "guavad (pid %d): %s", (int)upgrade->pid, upgrade->text.text);
    gv_log(GV_INFO, "%s", text.text);
    gv_notify_hand_over(upgrade->pid, text.text);
    gv_callers_dismiss(&upgrade->callers, "done", text.text);
    if (upgrade->wants_reload)
        kill(upgrade->pid, SIGHUP);
    forget(upgrade);
    gv_master_retire(master);
}

/* --------------------------------------------------------------------- hearing */

static void let_go_of_pidfile(gv_master *master)
{
    gv_upgrade *upgrade = &master->upgrade;

    upgrade->due_ms = gv_clock_monotonic_ms() + MARGIN_MS;
    upgrade->pidfile = gv_pidfile_let_go(&master->pidfile);
    send(upgrade->channel, "yours", strlen("yours"), MSG_NOSIGNAL);
}

/* What it needs to check the configuration at first, then what it says. */
static void wait_on(gv_master *master, const char *text)
{
    int64_t start = master->serving->settings.start_ms;
    int64_t patience = strtoll(text, NULL, 10);

    if (patience <= 0 || patience > INT_MAX)
        patience = GV_CHECK_LIMIT_MS + start;
    master->upgrade.due_ms = gv_clock_monotonic_ms() + patience + MARGIN_MS;
}

/* What a process said before it died does not count: there must be one to serve. */
static bool is_alive(pid_t pid)
{
    siginfo_t info = {.si_pid = 0};

    return pid > 0 &&
           waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

/* The first is what the others come of. */
static void note_reason(gv_upgrade *upgrade, const char *text)
{
    if (upgrade->reason.text[0] == '\0')
        gv_error_set(&upgrade->reason, "%s", text);
}

static void act_on(gv_master *master, const char *word, const char *text)
{
    gv_upgrade *upgrade = &master->upgrade;

    if (strcmp(word, "alive") == 0) {
        wait_on(master, text);
    } else if (strcmp(word, "step") == 0) {
        gv_callers_tell(&upgrade->callers, "step", text);
        gv_notify_status(text);
    } else if (strcmp(word, "fault") == 0) {
        announce(upgrade, GV_ERROR, text);
        note_reason(upgrade, text);
    } else if (strcmp(word, "failed") == 0) {
        note_reason(upgrade, text);
    } else if (strcmp(word, "ready") == 0) {
        gv_error_set(&upgrade->text, "%s", text);
        let_go_of_pidfile(master);
    } else if (strcmp(word, "taken") == 0 && is_alive(upgrade->pid)) {
        succeed(master);
    }
}

/* False: there is no more. */
static bool hear(gv_master *master)
{
    gv_upgrade *upgrade = &master->upgrade;
    char message[GV_HANDOVER_TEXT + 1], *text;
    ssize_t len = recv(upgrade->channel, message, sizeof(message) - 1, 0);

    if (len < 0)
        return errno == EINTR;
    if (len == 0) { /* it has ended, or does so soon */
        close(upgrade->channel);
        upgrade->channel = -1;
        upgrade->due_ms = gv_clock_monotonic_ms() + MARGIN_MS;
        return false;
    }
    message[len] = '\0';
    text = strchr(message, ' ');
    if (text != NULL)
        *text++ = '\0';
    act_on(master, message, text != NULL ? text : "");
    return true;
}

void gv_upgrade_advance(gv_master *master)
{
    gv_upgrade *upgrade = &master->upgrade;
    gv_error text;

    while (upgrade->channel >= 0 && hear(master))
        ;
    if (upgrade->pid == 0 || gv_clock_monotonic_ms() < upgrade->due_ms)
        return;
    gv_error_set(&text, "%s (pid %d) did not get ready in time", command.path,
                 (int)upgrade->pid);
    give_up(master, text.text);
}

void gv_upgrade_exited(gv_master *master, int status)
{
    gv_upgrade *upgrade = &master->upgrade;
    gv_error text;

    upgrade->pid = 0;
    while (upgrade->channel >= 0 && hear(master)) /* its last words */
        ;
    gv_error_set(&text, "%s %s%s%s", command.path, gv_exit_describe(status).text,
                 upgrade->reason.text[0] != '\0' ? ": " : "", upgrade->reason.text);
    give_up(master, text.text);
}

void gv_upgrade_ask(gv_master *master, pid_t caller)
{
    gv_upgrade *upgrade = &master->upgrade;
    gv_error text;

    if (upgrade->pid > 0) {
        gv_callers_add(&upgrade->callers, caller);
        gv_callers_tell(&upgrade->callers, "step", "still at it");
        return;
    }
    if (obstacle(master) != NULL) {
        refuse(caller, obstacle(master));
        return;
    }
    gv_callers_add(&upgrade->callers, caller);
    gv_error_set(&text, "upgrading: starting %s", command.path);
    announce(upgrade, GV_INFO, text.text);
    if (start_next(master, &text) != GV_OK)
        give_up(master, text.text);
}

bool gv_upgrade_postpones_reload(gv_master *master, pid_t caller)
{
    gv_callers callers = {0};

    if (master->upgrade.pid == 0)
        return false;
    gv_callers_add(&callers, caller);
    gv_callers_dismiss(&callers, "failed", "an upgrade is under way");
    if (caller == 0)
        master->upgrade.wants_reload = true;
    return true;
}

void gv_upgrade_cancel(gv_master *master)
{
    gv_upgrade *upgrade = &master->upgrade;

    if (upgrade->pid == 0)
        return;
    kill(upgrade->pid, SIGTERM);
    gv_callers_dismiss(&upgrade->callers, "failed", "guavad is stopping");
    forget(upgrade);
}
