#include "daemon/worker_child.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/child.h"
#include "daemon/generation.h"
#include "daemon/inherit.h"
#include "daemon/privileges.h"
#include "daemon/shared.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static void keep_descriptors(const gv_generation *generation, const int *listeners,
                             int control)
{
    size_t count = generation->listeners.count;
    int *keep = gv_calloc(count + 6, sizeof(*keep));

    memcpy(keep, listeners, count * sizeof(*keep));
    keep[count++] = control;
    keep[count++] = generation->slots->fd;
    keep[count++] = generation->logs.error;
    keep[count++] = generation->logs.access;
    keep[count++] = gv_shared_get().data;
    keep[count++] = gv_shared_get().locks;
    gv_inherit_descriptors(keep, count);
    free(keep);
}

static void name_log(const gv_worker *worker)
{
    char name[32] = "mold";

    if (!gv_worker_is_mold(worker))
        snprintf(name, sizeof(name), "worker %u", worker->number);
    gv_log_set_name(name);
    gv_log_set_fd(worker->generation->logs.error);
    gv_log_set_generation(worker->generation->number);
    gv_log_set_level(worker->generation->settings.log_level);
    gv_log_set_json(worker->generation->settings.log_json);
}

/* As many connections as the machine allows, not as many as a shell does. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int settle(const gv_settings *settings, gv_error *error)
{
    raise_descriptor_limit();
    if (gv_privileges_drop(&settings->identity, error) != GV_OK)
        return GV_FAILED;
    if (chdir(settings->directory) < 0)
        return gv_error_set(error, "can not work in %s: %s", settings->directory,
                            strerror(errno));
    return GV_OK;
}

static int run_python(const gv_worker *worker, const int *listeners, int control,
                      gv_error *error)
{
    const gv_generation *generation = worker->generation;
    gv_work work = {
        .snapshot = {generation->settings.snapshot, generation->settings.snapshot_len},
        .listeners = listeners,
        .listener_count = generation->listeners.count,
        .control = control,
        .scoreboard = generation->slots->fd,
        .shared = gv_shared_get(),
        .slot = worker->slot,
        .number = worker->number,
        .generation = generation->number,
        .error_log = generation->logs.error,
        .access_log = generation->logs.access,
        .is_mold = gv_worker_is_mold(worker),
        .warm_up = gv_worker_warms_up(worker),
    };

    return gv_child_work(&work, error);
}

static void say_failed(int control, const gv_error *error)
{
    char message[sizeof(error->text) + sizeof("failed ")];
    int len = snprintf(message, sizeof(message), "failed %s", error->text);

    gv_log(GV_ERROR, "%s", error->text);
    send(control, message, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void gv_worker_run(const gv_worker *worker, int control)
{
    const gv_socket_set *sockets = &worker->generation->listeners;
    int *listeners = gv_calloc(sockets->count, sizeof(*listeners));
    gv_error error = {""};
    int status;

    for (size_t i = 0; i < sockets->count; i++)
        listeners[i] = gv_socket_fd(sockets->at[i]);
    gv_inherit_worker_signals();
    keep_descriptors(worker->generation, listeners, control);
    name_log(worker);
    status = settle(&worker->generation->settings, &error);
    if (status == GV_OK)
        status = run_python(worker, listeners, control, &error);
    if (status == GV_FAILED) {
        say_failed(control, &error);
        status = EXIT_FAILURE;
    }
    _exit(status);
}
