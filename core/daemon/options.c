#include "daemon/options.h"

#include "base/mem.h"
#include "base/result.h"
#include "daemon/signals.h"

#include <getopt.h>
#include <string.h>

enum { DEVELOP = 256 /* no letter */ };

static const struct option long_options[] = {{"dev", no_argument, NULL, DEVELOP},
                                             {"version", no_argument, NULL, 'v'},
                                             {"help", no_argument, NULL, 'h'},
                                             {0}};

static const char usage[] =
    "usage: guavad [-c FILE] [-d]     serve\n"
    "       guavad [-c FILE] --dev    serve, and reload after each change\n"
    "       guavad [-c FILE] -t       check the configuration and exit\n"
    "       guavad [-c FILE] -s VERB  tell a running guavad: reload, rollback, "
    "upgrade,\n"
    "                                 reopen, quit, stop\n"
    "       guavad [-c FILE] -s status\n"
    "       guavad -v | -h\n"
    "\n"
    "  -c FILE  the configuration; guava.yaml in the current directory by default\n"
    "  -o KEY=VALUE\n"
    "           go before what the file says: -o server.workers=1; may be repeated\n"
    "  -d       detach: return once the workers are ready\n"
    "  --dev    one worker, in the terminal; reload when a source file, a template or\n"
    "           the configuration changes, and wait where it does not load yet\n"
    "  -t       name every error with its line and column; exit 0 if there is none\n"
    "  -s VERB  reload: take up the new configuration and code; rollback: the "
    "configuration\n"
    "           before; upgrade: the new executable; reopen: the log files; quit: stop "
    "when\n"
    "           all requests are answered; stop: stop at once; status:\n"
    "           print how it is doing, from status.listen\n"
    "  -v, --version  print the version\n"
    "  -h, --help     print this help\n";

void gv_options_print_usage(FILE *to)
{
    fputs(usage, to);
}

static int set_verb(gv_options *options, const char *verb, gv_error *error)
{
    options->verb = verb;
    options->command =
        strcmp(verb, "status") == 0 ? GV_COMMAND_STATUS : GV_COMMAND_SIGNAL;
    if (options->command == GV_COMMAND_STATUS || gv_signal_of_verb(verb) > 0)
        return GV_OK;
    gv_error_set(error,
                 "-s takes reload, rollback, upgrade, reopen, quit, stop or status, "
                 "not '%s'",
                 verb);
    return GV_BAD;
}

static int add_override(gv_options *options, const char *text, gv_error *error)
{
    size_t room = options->override_count + 1;

    if (text[0] == '=' || strchr(text, '=') == NULL) {
        gv_error_set(error, "-o takes KEY=VALUE, not '%s'", text);
        return GV_BAD;
    }
    options->overrides =
        gv_realloc(options->overrides, room * sizeof(*options->overrides));
    options->overrides[options->override_count++] = text;
    return GV_OK;
}

static int set_option(gv_options *options, int letter, gv_error *error)
{
    switch (letter) {
    case 'c':
        options->config = optarg;
        return GV_OK;
    case 'o':
        return add_override(options, optarg, error);
    case 'd':
        options->detach = true;
        return GV_OK;
    case DEVELOP:
        options->command = GV_COMMAND_DEVELOP;
        return GV_OK;
    case 't':
        options->command = GV_COMMAND_CHECK;
        return GV_OK;
    case 's':
        return set_verb(options, optarg, error);
    case 'v':
        options->command = GV_COMMAND_VERSION;
        return GV_OK;
    case 'h':
        options->command = GV_COMMAND_HELP;
        return GV_OK;
    case ':':
        gv_error_set(error, "option -%c needs a value", optopt);
        return GV_BAD;
    default:
        return GV_BAD;
    }
}

/* `before` is what getopt_long() has looked at last: an option that it does not know, one
 * with a value that it does not take, or the one before a group of letters. */
static void explain_unknown(const char *before, gv_error *error)
{
    bool has_value = strncmp(before, "--", 2) == 0 && strchr(before, '=') != NULL;

    if (optopt == 0 || has_value)
        gv_error_set(error, "there is no option %s", before);
    else
        gv_error_set(error, "there is no option -%c", optopt);
}

int gv_options_parse(gv_options *options, int argc, char **argv, gv_error *error)
{
    int letter;

    *options = (gv_options){.command = GV_COMMAND_SERVE, .config = "guava.yaml"};
    while ((letter = getopt_long(argc, argv, "+:c:o:dts:vh", long_options, NULL)) !=
           -1) {
        if (letter == '?')
            explain_unknown(argv[optind - 1], error);
        if (set_option(options, letter, error) != GV_OK)
            return GV_BAD;
    }
    if (options->detach && options->command == GV_COMMAND_DEVELOP) {
        gv_error_set(error, "--dev stays in the terminal, -d leaves it");
        return GV_BAD;
    }
    if (optind < argc) {
        gv_error_set(error, "'%s' is not an option", argv[optind]);
        return GV_BAD;
    }
    return GV_OK;
}
