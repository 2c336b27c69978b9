#include "embed_command.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define ONLY_PHP                                                                                   \
    "coyote-embed runs PHP scripts inside itself, so the command must be "                         \
    "\"php SCRIPT ARG...\""
#define ELSEWHERE "use `coyote serve`, which starts the command as worker processes"

enum option { OPTION_DEFINE, OPTION_NO_INI, OPTION_INI, OPTION_FILE, OPTION_QUIET };

/* Those that make sense for a script that is run inside. */
static const struct {
    char letter;
    const char *name;
    enum option option;
} options[] = {
    {'d', "define", OPTION_DEFINE},   {'n', "no-php-ini", OPTION_NO_INI},
    {'c', "php-ini", OPTION_INI},     {'f', "file", OPTION_FILE},
    {'q', "no-header", OPTION_QUIET},
};

static bool takes_value(enum option option)
{
    return option == OPTION_DEFINE || option == OPTION_INI || option == OPTION_FILE;
}

/* php, php8, php8.2, php82, php-cli: the names under which distributions install it. */
static bool is_php(const char *program)
{
    const char *slash = strrchr(program, '/');
    const char *name = slash == NULL ? program : slash + 1;
    if (strncmp(name, "php", 3) != 0) {
        return false;
    }
    name += 3;
    name += strspn(name, "0123456789.");
    return *name == '\0' || strcmp(name, "-cli") == 0;
}

/* php8.1 means that version; php8, php and php-cli any. */
static bool is_other_version(const char *program)
{
    const char *slash = strrchr(program, '/');
    const char *inside = COYOTE_PHP_VERSION;
    for (const char *at = slash == NULL ? program : slash; *at != '\0'; at++) {
        if (isdigit((unsigned char)*at)) {
            inside += *inside == '.';
            if (*at != *inside++) {
                return true;
            }
        }
    }
    return false;
}

/* As the command line does it: a bare name is switched on, text that the ini language would
   misread is quoted. */
static int define(struct embed_command *command, const char *definition, struct error *error)
{
    const char *value = strchr(definition, '=');
    int status;
    if (value == NULL) {
        status = buffer_print(&command->ini, "%s=1\n", definition);
    } else if (isalnum((unsigned char)value[1]) || value[1] == '\0' || strchr("\"'", value[1])) {
        status = buffer_print(&command->ini, "%s\n", definition);
    } else {
        status = buffer_print(&command->ini, "%.*s=\"%s\"\n", (int)(value - definition), definition,
                              value + 1);
    }
    return status == STATUS_OK ? STATUS_OK : error_memory(error);
}

/* Which option a word is; *value is what is glued to it, NULL when nothing is. */
static size_t option_find(char *word, char **value)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        size_t length = strlen(options[i].name);
        *value = NULL;
        if (word[1] == options[i].letter && (word[2] == '\0' || takes_value(options[i].option))) {
            *value = word[2] == '\0' ? NULL : word + 2 + (word[2] == '=');
            return i;
        }
        if (word[1] == '-' && strncmp(word + 2, options[i].name, length) == 0 &&
            (word[2 + length] == '\0' ||
             (takes_value(options[i].option) && word[2 + length] == '='))) {
            *value = word[2 + length] == '=' ? word + 3 + length : NULL;
            return i;
        }
    }
    return SIZE_MAX;
}

/* Takes the option at *word and moves past it. `script` is set by -f. */
static int option_take(struct embed_command *command, char ***word, char **script,
                       struct error *error)
{
    char *value = NULL;
    size_t found = option_find(**word, &value);
    if (found == SIZE_MAX) {
        return error_set(
            error, STATUS_ECONFIG,
            "php's option %s has no meaning inside coyote-embed, which honours -d, -n, "
            "-c and -f alone: leave it out, or " ELSEWHERE,
            **word);
    }
    char *name = **word;
    if (takes_value(options[found].option) && value == NULL) {
        value = *++*word;
        if (value == NULL) {
            return error_set(error, STATUS_ECONFIG, "php's option %s lacks its value", name);
        }
    }
    ++*word;
    switch (options[found].option) {
    case OPTION_DEFINE:
        return define(command, value, error);
    case OPTION_NO_INI:
        command->no_ini = true;
        return STATUS_OK;
    case OPTION_INI:
        command->ini_path = value;
        return STATUS_OK;
    case OPTION_FILE:
        *script = value;
        return STATUS_OK;
    case OPTION_QUIET:
        break;
    }
    return STATUS_OK;
}

int embed_command_parse(struct embed_command *command, char **words, struct error *error)
{
    if (words[0] == NULL || !is_php(words[0])) {
        return error_set(error, STATUS_ECONFIG, ONLY_PHP ", not \"%s\": " ELSEWHERE,
                         words[0] == NULL ? "" : words[0]);
    }
    if (is_other_version(words[0])) {
        return error_set(error, STATUS_ECONFIG,
                         "says %s, but the PHP inside coyote-embed is " COYOTE_PHP_VERSION
                         ": write php, or " ELSEWHERE,
                         words[0]);
    }
    command->program = words[0];
    char **word = words + 1;
    char *script = NULL;
    while (script == NULL && *word != NULL && (*word)[0] == '-' && (*word)[1] != '\0') {
        int status = option_take(command, &word, &script, error);
        if (status != STATUS_OK) {
            return status;
        }
    }
    if (script != NULL) {
        *--word = script; /* -f SCRIPT: the option's word is free for the script */
    }
    if (*word == NULL || strcmp(*word, "-") == 0) {
        return error_set(error, STATUS_ECONFIG, ONLY_PHP ": it names no script");
    }
    command->argv = word;
    while (word[command->argc] != NULL) {
        command->argc++;
    }
    return STATUS_OK;
}

void embed_command_free(struct embed_command *command)
{
    buffer_free(&command->ini);
    *command = (struct embed_command){0};
}
