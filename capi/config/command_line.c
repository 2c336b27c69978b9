#include "config/command_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct splitter {
    const char *command;
    const char *at;
    char **words;
    size_t count;
    char *to; /* where the next character of the current word goes */
    struct error *error;
};

/* Characters, not bytes, counted from 1. */
static size_t column_of(const struct splitter *splitter, const char *at)
{
    size_t column = 1;
    for (const char *byte = splitter->command; byte < at; byte++) {
        column += ((unsigned char)*byte & 0xc0) != 0x80;
    }
    return column;
}

static int refuse_shell(const struct splitter *splitter, const char *what)
{
    return error_set(splitter->error, STATUS_EINVAL,
                     "%s at character %zu needs a shell, and none is used; put it in single quotes "
                     "to mean it as it stands, or run a shell: sh -c \"...\"",
                     what, column_of(splitter, splitter->at));
}

static int refuse_open(const struct splitter *splitter, const char *quote, const char *what)
{
    return error_set(splitter->error, STATUS_EINVAL,
                     "the %s quote at character %zu is never closed; close it, or put a backslash "
                     "before it to mean it as it stands",
                     what, column_of(splitter, quote));
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

static int read_single(struct splitter *splitter)
{
    const char *quote = splitter->at++;
    while (*splitter->at != '\'') {
        if (*splitter->at == '\0') {
            return refuse_open(splitter, quote, "single");
        }
        *splitter->to++ = *splitter->at++;
    }
    splitter->at++;
    return STATUS_OK;
}

static bool starts_variable(const char *at)
{
    return *at == '$' && at[1] != '\0' &&
           strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_{(@*#?$!-",
                  at[1]) != NULL;
}

static int read_double(struct splitter *splitter)
{
    const char *quote = splitter->at++;
    while (*splitter->at != '"') {
        char next = *splitter->at;
        if (next == '\0') {
            return refuse_open(splitter, quote, "double");
        }
        if (next == '`') {
            return refuse_shell(splitter, "the unescaped \"`\" in double quotes");
        }
        if (starts_variable(splitter->at)) {
            return refuse_shell(splitter, "the variable in double quotes");
        }
        if (next == '\\' && splitter->at[1] == '\n') {
            splitter->at += 2;
            continue;
        }
        if (next == '\\' && splitter->at[1] != '\0' && strchr("\"\\$`", splitter->at[1]) != NULL) {
            splitter->at++;
        }
        *splitter->to++ = *splitter->at++;
    }
    splitter->at++;
    return STATUS_OK;
}

static int read_backslash(struct splitter *splitter)
{
    char next = splitter->at[1];
    if (next == '\0') {
        return error_set(splitter->error, STATUS_EINVAL,
                         "the backslash at the end (character %zu) stands before nothing; remove "
                         "it, or double it to mean a backslash",
                         column_of(splitter, splitter->at));
    }
    if (next != '\n') {
        *splitter->to++ = next;
    }
    splitter->at += 2;
    return STATUS_OK;
}

static int read_plain(struct splitter *splitter, bool starts_word)
{
    char next = *splitter->at;
    bool special = strchr("|&;<>()$`*?[", next) != NULL;
    if (special || (starts_word && (next == '~' || next == '#'))) {
        char what[] = "the unquoted \"?\"";
        what[strlen("the unquoted \"")] = next;
        return refuse_shell(splitter, what);
    }
    *splitter->to++ = next;
    splitter->at++;
    return STATUS_OK;
}

static int read_word(struct splitter *splitter)
{
    const char *start = splitter->at;
    int status = STATUS_OK;
    splitter->words[splitter->count++] = splitter->to;
    while (status == STATUS_OK && *splitter->at != '\0' && !is_blank(*splitter->at)) {
        switch (*splitter->at) {
        case '\'':
            status = read_single(splitter);
            break;
        case '"':
            status = read_double(splitter);
            break;
        case '\\':
            status = read_backslash(splitter);
            break;
        default:
            status = read_plain(splitter, splitter->at == start);
            break;
        }
    }
    *splitter->to++ = '\0';
    return status;
}

/* Blanks between words. A line break inside would start a second command in a shell. */
static int skip_blanks(struct splitter *splitter)
{
    const char *line_break = NULL;
    for (;;) {
        if (*splitter->at == '\\' && splitter->at[1] == '\n') {
            splitter->at += 2;
        } else if (is_blank(*splitter->at)) {
            line_break = *splitter->at == '\n' && line_break == NULL ? splitter->at : line_break;
            splitter->at++;
        } else {
            break;
        }
    }
    if (line_break != NULL && *splitter->at != '\0' && splitter->count > 0) {
        splitter->at = line_break;
        return refuse_shell(splitter, "the line break");
    }
    return STATUS_OK;
}

static int refuse_assignment(const struct splitter *splitter)
{
    const char *word = splitter->command;
    while (is_blank(*word)) {
        word++;
    }
    size_t name = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    if (name == 0 || word[name] != '=' || (*word >= '0' && *word <= '9')) {
        return STATUS_OK;
    }
    int shown = name > 60 ? 60 : (int)name;
    return error_set(splitter->error, STATUS_EINVAL,
                     "%.*s=... before the program needs a shell to set it, and none is used; start "
                     "with the program env: env %.*s=...",
                     shown, word, shown, word);
}

static int split(struct splitter *splitter)
{
    int status = skip_blanks(splitter);
    while (status == STATUS_OK && *splitter->at != '\0') {
        status = read_word(splitter);
        if (status == STATUS_OK) {
            status = skip_blanks(splitter);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = refuse_assignment(splitter);
    if (status == STATUS_OK && (splitter->count == 0 || *splitter->words[0] == '\0')) {
        status = error_set(splitter->error, STATUS_EINVAL,
                           splitter->count == 0
                               ? "the command is empty; write one such as \"php app.php\""
                               : "the program's name is empty; write one such as \"php app.php\"");
    }
    return status;
}

char **command_line_split(const char *command, struct error *error)
{
    size_t size = strlen(command);
    if (size > SIZE_MAX / 16) {
        error_memory(error);
        return NULL;
    }
    /* a word takes a character and a blank at least; its own NUL stands in the blank's place */
    size_t most = size / 2 + 2;
    char **words = malloc(most * sizeof *words + size + 2);
    if (words == NULL) {
        error_memory(error);
        return NULL;
    }
    struct splitter splitter = {.command = command,
                                .at = command,
                                .words = words,
                                .to = (char *)(words + most),
                                .error = error};
    if (split(&splitter) != STATUS_OK) {
        free((void *)words);
        return NULL;
    }
    words[splitter.count] = NULL;
    return words;
}
