#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/suggest.h"
#include "server_commands.h"
#include "server_help.h"

static int print_version(const struct server_program *program, const struct server_options *options)
{
    (void)options;
    printf("%s %s\n", program->name, COYOTE_VERSION);
    if (program->print_version != NULL) {
        program->print_version();
    }
    return SERVER_EXIT_OK;
}

static int print_help(const struct server_program *program, const struct server_options *options)
{
    server_help_print(stdout, program, options->argument);
    return SERVER_EXIT_OK;
}

static const struct command {
    const char *name;
    int (*run)(const struct server_program *program, const struct server_options *options);
} commands[] = {
    {"serve", server_serve},
    {"check", server_check},
    {"version", print_version},
    {"help", print_help},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

/* command: whose help tells more; NULL: the program's. */
static int wrong_usage(const struct server_program *program, const char *command, const char *words)
{
    fprintf(stderr, "%s: %s\nTry \"%s%s%s --help\".\n", program->name, words, program->name,
            command != NULL ? " " : "", command != NULL ? command : "");
    return SERVER_EXIT_USAGE;
}

/* The first word that is a command, also where the options before it were not understood. */
static const char *meant_command(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (find_command(argv[i]) != NULL) {
            return argv[i];
        }
    }
    return NULL;
}

static int unknown_command(const struct server_program *program, const char *typed)
{
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
    }
    const char *nearest = suggest_nearest(typed, names, COMMANDS);
    struct error error = {0};
    error_set(&error, STATUS_EINVAL, "unknown command \"%s\"", typed);
    if (nearest != NULL) {
        error_set(&error, STATUS_EINVAL, "%s; did you mean \"%s\"?", error_text(&error), nearest);
    }
    int code = wrong_usage(program, NULL, error_text(&error));
    error_clear(&error);
    return code;
}

static int run_command(const struct server_program *program, const struct server_options *options)
{
    const char *about = options->argument != NULL ? options->argument : options->command;
    if (about != NULL && find_command(about) == NULL) {
        return unknown_command(program, about);
    }
    if (options->help) {
        server_help_print(stdout, program, about);
        return SERVER_EXIT_OK;
    }
    if (options->version) {
        return print_version(program, options);
    }
    if (options->command == NULL) {
        server_help_print(stderr, program, NULL);
        return SERVER_EXIT_USAGE;
    }
    return find_command(options->command)->run(program, options);
}

/* A descriptor of ours must not become 0, 1 or 2 because the caller closed those. */
static void hold_standard_descriptors(void)
{
    int fd = 0;
    do {
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    } while (fd >= 0 && fd <= 2);
    if (fd > 2) {
        close(fd);
    }
}

int server_main(const struct server_program *program, int argc, char **argv)
{
    struct server_options options;
    struct error error = {0};
    hold_standard_descriptors();
    int code = server_options_parse(&options, argc, argv, &error) == STATUS_OK
                   ? run_command(program, &options)
                   : wrong_usage(program, meant_command(argc, argv), error_text(&error));
    server_options_free(&options);
    error_clear(&error);
    /* a full disk or a closed pipe behind stdout is a failure, for those who read the exit code */
    return fflush(stdout) != 0 && code == SERVER_EXIT_OK ? SERVER_EXIT_FAILED : code;
}
