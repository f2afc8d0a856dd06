/* The command line of guavad. */
#ifndef GV_DAEMON_OPTIONS_H
#define GV_DAEMON_OPTIONS_H

#include "daemon/error.h"

#include <stdbool.h>
#include <stdio.h>

typedef enum gv_command {
    GV_COMMAND_SERVE,
    GV_COMMAND_DEVELOP, /* --dev */
    GV_COMMAND_CHECK,   /* -t */
    GV_COMMAND_SIGNAL,  /* -s */
    GV_COMMAND_STATUS,  /* -s status */
    GV_COMMAND_VERSION, /* -v */
    GV_COMMAND_HELP     /* -h */
} gv_command;

typedef struct gv_options {
    gv_command command;
    const char *config; /* as given; points into argv */
    const char *verb;   /* of -s; one that gv_signal_of_verb() knows */
    bool detach;
    const char **overrides; /* of -o; point into argv, too, and are never freed */
    size_t override_count;
} gv_options;

/* GV_OK, or GV_BAD with `error` saying which option is wrong. */
int gv_options_parse(gv_options *options, int argc, char **argv, gv_error *error);

void gv_options_print_usage(FILE *to);

#endif
