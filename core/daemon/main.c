/* guavad: an HTTP application server for Python. */
#include "base/mem.h"
#include "base/result.h"
#include "daemon/check.h"
#include "daemon/child.h"
#include "daemon/develop.h"
#include "daemon/handover.h"
#include "daemon/master.h"
#include "daemon/notify.h"
#include "daemon/options.h"
#include "daemon/passed.h"
#include "daemon/signals.h"
#include "daemon/starter.h"
#include "daemon/status_verb.h"
#include "daemon/upgrade.h"
#include "daemon/verb.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A descriptor that we open must never become a standard stream. */
static void fill_standard_streams(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* To the guavad before, if we are to take its place. */
static void hand_faults_over(const gv_buf *faults)
{
    gv_slice rest = gv_buf_slice(faults), line;
    gv_error text;

    while (gv_fault_next(&rest, &line)) {
        gv_error_set(&text, "%.*s", (int)line.len, line.at);
        gv_handover_tell("fault", text.text);
    }
}

/* Prints every fault. */
static int check(const char *config, gv_check_depth depth, gv_settings *settings)
{
    gv_buf faults = {0};
    gv_error step;
    int result;

    gv_error_set(&step, "checking %s", config);
    gv_handover_tell("step", step.text);
    result = gv_check_run(config, depth, settings, &faults);
    gv_faults_print(&faults);
    hand_faults_over(&faults);
    gv_buf_dispose(&faults);
    return result;
}

static int only_check(const char *config)
{
    gv_settings settings;

    if (check(config, GV_CHECK_APPLICATION, &settings) != GV_OK)
        return EXIT_FAILURE;
    gv_settings_dispose(&settings);
    printf("guavad: %s: configuration is valid\n", config);
    return EXIT_SUCCESS;
}

/* Symbolic links stay: the next reload is to follow where they point by then. */
static char *absolute(const char *path)
{
    char directory[PATH_MAX];
    gv_buf out = {0};

    if (path[0] == '/' || getcwd(directory, sizeof(directory)) == NULL)
        return gv_strdup(path);
    gv_buf_printf(&out, "%s/%s", directory, path);
    gv_buf_append(&out, "", 1);
    return out.at;
}

static int serve(const gv_options *options)
{
    char *config = absolute(options->config);
    int status = EXIT_FAILURE;
    gv_settings settings;
    gv_error error;

    gv_develop_stay_below();
    gv_signals_hold();
    gv_notify_open();
    gv_passed_open();
    if (gv_handover_open(&error) != GV_OK) {
        gv_starter_fail(error.text);
    } else if (check(config, GV_CHECK_FOR_START, &settings) == GV_OK) {
        if ((options->detach || settings.daemon) && !gv_handover_is_under_way() &&
            gv_starter_detach(&error) != GV_OK) {
            gv_starter_fail(error.text);
            gv_settings_dispose(&settings);
        } else {
            status = gv_master_run(config, &settings);
        }
    }
    free(config);
    return status;
}

static int develop(const gv_options *options)
{
    gv_error error;

    gv_develop_run(options, &error);
    fprintf(stderr, "guavad: %s\n", error.text);
    return EXIT_FAILURE;
}

static int refuse(const gv_error *error)
{
    fprintf(stderr, "guavad: %s\n", error->text);
    gv_options_print_usage(stderr);
    return 2;
}

int main(int argc, char **argv)
{
    gv_options options;
    gv_error error;

    fill_standard_streams();
    gv_child_set_command(argc, argv);
    gv_upgrade_set_command(argv);
    if (gv_options_parse(&options, argc, argv, &error) != GV_OK)
        return refuse(&error);
    gv_child_set_overrides(options.overrides, options.override_count);
    switch (options.command) {
    case GV_COMMAND_HELP:
        gv_options_print_usage(stdout);
        return EXIT_SUCCESS;
    case GV_COMMAND_VERSION:
        printf("guavad %s (Python %s)\n", GV_VERSION, gv_child_python_version());
        return EXIT_SUCCESS;
    case GV_COMMAND_CHECK:
        return only_check(options.config);
    case GV_COMMAND_SIGNAL:
        return gv_verb_send(options.config, options.verb);
    case GV_COMMAND_STATUS:
        return gv_status_verb(options.config);
    case GV_COMMAND_DEVELOP:
        return develop(&options);
    default:
        return serve(&options);
    }
}
