#include "server_help.h"

#include <string.h>

/* @ stands for the name of the program. */

static const char overview[] =
    "Usage: @ COMMAND [OPTION]...\n"
    "\n"
    "Commands:\n"
    "  serve     run the services of a config until they end or are stopped\n"
    "  check     say whether a config is right, and run nothing\n"
    "  version   print the version, as --version does\n"
    "  help      explain a command: @ help serve\n"
    "\n"
    "Examples:\n"
    "  @ serve\n"
    "  @ check -c php/examples/ticker/.rr.yaml\n"
    "\n"
    "@ COMMAND --help tells more.\n";

static const char config_options[] =
    "  -c, --config FILE      the config, YAML or JSON; its folder becomes the working\n"
    "                         directory. Without it: .rr.yaml, else .rr.json, of the working\n"
    "                         directory\n"
    "  -w, --work-dir DIR     the working directory, whatever the config's folder\n"
    "  -o, --override KEY=VALUE\n"
    "                         set a key of the config, again and again:\n"
    "                         -o ticker.interval=250ms\n";

static const char log_options[] =
    "      --log-format FORMAT\n"
    "                         text (default) or json, a JSON object a line\n"
    "      --log-level LEVEL  debug, info (default), warning or error\n"
    "  -h, --help             this text\n";

static const char serve[] =
    "Usage: @ serve [OPTION]...\n"
    "\n"
    "Runs the services of a config. Ctrl-C (INT) or TERM lets what has begun end and stops; a\n"
    "second one stops at once. HUP brings fresh workers, with the code as it is then. Log\n"
    "lines go to stderr.\n"
    "\n"
    "Options:\n";

static const char serve_end[] =
    "\n"
    "Exit codes:\n"
    "  0      all services have ended well, or were stopped\n"
    "  1      the config is wrong, or a service failed\n"
    "  2      wrong usage\n"
    "  128+N  stopped at once by a second signal N: 130 for INT, 143 for TERM; in process 1\n"
    "         of a container also when signal N ended the server\n"
    "\n"
    "Examples:\n"
    "  @ serve\n"
    "  @ serve -c php/examples/ticker/.rr.yaml -o ticker.count=3\n"
    "  @ serve -w /srv/app --log-format json --log-level warning\n";

static const char check[] =
    "Usage: @ check [OPTION]...\n"
    "\n"
    "Reads a config and checks every section: all mistakes are told, with file, line and column.\n"
    "Nothing is started.\n"
    "\n"
    "Options:\n";

static const char check_end[] = "\n"
                                "Exit codes:\n"
                                "  0  the config is right\n"
                                "  1  it is not\n"
                                "  2  wrong usage\n"
                                "\n"
                                "Examples:\n"
                                "  @ check\n"
                                "  @ check -c php/examples/ticker/.rr.yaml\n"
                                "  @ check -o ticker.workers.pool.num_workers=8\n";

static const char version[] = "Usage: @ version\n"
                              "\n"
                              "Prints the version.\n"
                              "\n"
                              "Example:\n"
                              "  @ version\n";

static void put(FILE *to, const char *text, const char *name)
{
    for (; *text != '\0'; text++) {
        if (*text == '@') {
            fputs(name, to);
        } else {
            fputc(*text, to);
        }
    }
}

void server_help_print(FILE *to, const struct server_program *program, const char *command)
{
    if (command != NULL && strcmp(command, "serve") == 0) {
        put(to, serve, program->name);
        put(to, config_options, program->name);
        put(to, log_options, program->name);
        put(to, serve_end, program->name);
    } else if (command != NULL && strcmp(command, "check") == 0) {
        put(to, check, program->name);
        put(to, config_options, program->name);
        put(to, log_options, program->name);
        put(to, check_end, program->name);
    } else if (command != NULL && strcmp(command, "version") == 0) {
        put(to, version, program->name);
    } else {
        fprintf(to, "%s\n\n", program->summary);
        put(to, overview, program->name);
    }
}
