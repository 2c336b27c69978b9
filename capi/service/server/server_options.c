#include "server_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "config/suggest.h"

enum { LOG_FORMAT_OPTION = 256, LOG_LEVEL_OPTION, VERSION_OPTION };

static const struct option known[] = {
    {"config", required_argument, NULL, 'c'},
    {"work-dir", required_argument, NULL, 'w'},
    {"override", required_argument, NULL, 'o'},
    {"log-format", required_argument, NULL, LOG_FORMAT_OPTION},
    {"log-level", required_argument, NULL, LOG_LEVEL_OPTION},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, VERSION_OPTION},
    {NULL, 0, NULL, 0},
};

static const char *const names[] = {"config",    "work-dir", "override", "log-format",
                                    "log-level", "help",     "version"};
static const char *const log_formats[] = {"text", "json"};
static const char *const log_levels[] = {"debug", "info", "warning", "error"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* `given` is the word as typed; a long option's value and its dashes are not part of the name. */
static int unknown_option(const char *given, struct error *error)
{
    char *name = strndup(given + 2, strcspn(given + 2, "="));
    if (name == NULL) {
        return error_memory(error);
    }
    const char *nearest = suggest_nearest(name, names, COUNT(names));
    int status = nearest == NULL
                     ? error_set(error, STATUS_EINVAL, "unknown option --%s", name)
                     : error_set(error, STATUS_EINVAL, "unknown option --%s; did you mean --%s?",
                                 name, nearest);
    free(name);
    return status;
}

static int unknown_value(const char *option, const char *value, const char *const *allowed,
                         size_t count, struct error *error)
{
    error_set(error, STATUS_EINVAL, "--%s %s: it may be ", option, value);
    for (size_t i = 0; i < count; i++) {
        const char *joint = i == 0 ? "" : i + 1 == count ? " or " : ", ";
        error_set(error, STATUS_EINVAL, "%s%s%s", error_text(error), joint, allowed[i]);
    }
    return STATUS_EINVAL;
}

static int take_override(struct server_options *options, const char *value, struct error *error)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value) {
        return error_set(error, STATUS_EINVAL,
                         "-o %s: an override is KEY=VALUE, such as -o ticker.interval=250ms",
                         value);
    }
    options->overrides[options->num_overrides++] = value;
    return STATUS_OK;
}

static int take_option(struct server_options *options, int option, char **argv, struct error *error)
{
    switch (option) {
    case 'c':
        options->config = optarg;
        return STATUS_OK;
    case 'w':
        options->work_dir = optarg;
        return STATUS_OK;
    case 'o':
        return take_override(options, optarg, error);
    case 'h':
        options->help = true;
        return STATUS_OK;
    case VERSION_OPTION:
        options->version = true;
        return STATUS_OK;
    case LOG_FORMAT_OPTION:
        options->log_format_given = true;
        return log_format_parse(optarg, &options->log_format)
                   ? STATUS_OK
                   : unknown_value("log-format", optarg, log_formats, COUNT(log_formats), error);
    case LOG_LEVEL_OPTION:
        options->log_level_given = true;
        return log_level_parse(optarg, &options->log_level)
                   ? STATUS_OK
                   : unknown_value("log-level", optarg, log_levels, COUNT(log_levels), error);
    case ':':
        return error_set(error, STATUS_EINVAL, "%s needs a value", argv[optind - 1]);
    default:
        if (strncmp(argv[optind - 1], "--", 2) == 0) {
            return unknown_option(argv[optind - 1], error);
        }
        return error_set(error, STATUS_EINVAL, "unknown option -%c", optopt);
    }
}

static int take_words(struct server_options *options, int argc, char **argv, struct error *error)
{
    options->command = optind < argc ? argv[optind++] : NULL;
    bool explains = options->command != NULL && strcmp(options->command, "help") == 0;
    options->argument = explains && optind < argc ? argv[optind++] : NULL;
    if (optind < argc) {
        return error_set(error, STATUS_EINVAL,
                         "\"%s\" is too much: %s takes options only; a config is named by -c FILE",
                         argv[optind], options->command);
    }
    return STATUS_OK;
}

int server_options_parse(struct server_options *options, int argc, char **argv, struct error *error)
{
    *options = (struct server_options){0};
    options->overrides = calloc((size_t)argc, sizeof *options->overrides);
    if (options->overrides == NULL) {
        return error_memory(error);
    }
    opterr = 0;
    optind = 0; /* glibc's and musl's way of starting afresh */
    int status = STATUS_OK;
    for (int option; status == STATUS_OK &&
                     (option = getopt_long(argc, argv, ":c:w:o:h", known, NULL)) != -1;) {
        status = take_option(options, option, argv, error);
    }
    return status == STATUS_OK ? take_words(options, argc, argv, error) : status;
}

void server_options_free(struct server_options *options)
{
    free((void *)options->overrides);
    options->overrides = NULL;
}
