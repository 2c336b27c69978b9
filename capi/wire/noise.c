#include "noise.h"

#include <stdlib.h>
#include <string.h>

enum { QUOTE_MOST = 512, ESCAPE = 0x1b, WORD = 4 };

struct known_words {
    const char *words;
    const char *meaning;
};

/* How PHP itself begins to speak; php.net calls the first part of an error its label. */
static const struct known_words php_words[] = {
    {"Could not open input file", "PHP did not find its script; check the path in workers.command "
                                  "and the folder that it starts from"},
    {"Fatal error: ", "PHP stopped with an error"},
    {"Recoverable fatal error: ", "PHP stopped with an error"},
    {"Parse error: ", "PHP could not read its script"},
    {"Warning: ", "PHP printed a warning"},
    {"Notice: ", "PHP printed a notice"},
    {"Deprecated: ", "PHP printed a deprecation"},
    {"Strict Standards: ", "PHP printed a notice"},
    {"PHP Fatal error: ", "PHP stopped with an error"},
    {"PHP Parse error: ", "PHP could not read its script"},
    {"PHP Warning: ", "PHP printed a warning"},
    {"PHP Notice: ", "PHP printed a notice"},
    {"PHP Deprecated: ", "PHP printed a deprecation"},
    {"PHP Startup: ", "PHP could not start as its php.ini wants"},
    {"X-Powered-By: ", "this is php-cgi; workers need the command line's php"},
    {"Status: ", "this is php-cgi; workers need the command line's php"},
    {"Content-type: ", "this is php-cgi; workers need the command line's php"},
    {"Usage: ", "the program printed its usage; check the options in workers.command"},
    {"\xef\xbb\xbf", "a byte order mark: save the PHP file as UTF-8 without it"},
    {"<?php", "PHP source came instead of its output: the file was not run by php"},
};

static bool begins_with(struct bytes bytes, const char *text)
{
    size_t size = strlen(text);
    return bytes.size >= size && memcmp(bytes.data, text, size) == 0;
}

static struct bytes skip(struct bytes bytes, size_t size)
{
    return (struct bytes){(const char *)bytes.data + size, bytes.size - size};
}

/* PHP begins its messages on a new line, and with html_errors wraps them in tags. */
static struct bytes without_decoration(struct bytes bytes)
{
    static const char *const decorations[] = {"\n", "\r", " ", "\t", "<br />", "<b>"};
    enum { COUNT = sizeof decorations / sizeof *decorations };
    size_t i = 0;
    while (i < COUNT) {
        if (begins_with(bytes, decorations[i])) {
            bytes = skip(bytes, strlen(decorations[i]));
            i = 0;
        } else {
            i++;
        }
    }
    return bytes;
}

/* "Fatal error: " reads "Fatal error</b>: " with html_errors. */
static bool begins_with_words(struct bytes text, const char *words)
{
    const char *colon = strchr(words, ':');
    if (begins_with(text, words)) {
        return true;
    }
    size_t label = colon == NULL ? 0 : (size_t)(colon - words);
    return label > 0 && text.size > label && memcmp(text.data, words, label) == 0 &&
           begins_with(skip(text, label), "</b>:");
}

static const char *php_meaning(struct bytes text)
{
    struct bytes bare = without_decoration(text);
    for (size_t i = 0; i < sizeof php_words / sizeof *php_words; i++) {
        if (begins_with_words(bare, php_words[i].words)) {
            return php_words[i].meaning;
        }
    }
    return NULL;
}

static bool is_text(uint8_t byte)
{
    return byte >= 0x20 ? byte != 0x7f
                        : byte == '\n' || byte == '\r' || byte == '\t' || byte == ESCAPE;
}

/* The text that came, without the true frame that often follows it: people need the words. Empty
   when it is rather a broken header, whose first bytes may look like letters. */
static struct bytes text_at_the_front(const struct noise_format *format, struct bytes came)
{
    const uint8_t *data = came.data;
    size_t size = 0;
    while (size < came.size && is_text(data[size])) {
        size++;
    }
    bool whole = size == came.size && data[0] != ESCAPE;
    bool frame_follows = size < came.size && format->may_begin(data[size]);
    return (struct bytes){came.data, whole || frame_follows || size >= WORD ? size : 0};
}

int noise_error(struct error *error, const struct noise_format *format, struct bytes came,
                const char *expected)
{
    if (error == NULL) {
        return STATUS_EPROTOCOL;
    }
    struct bytes text = text_at_the_front(format, came);
    char *quoted = bytes_quote(text.size > 0 ? text : came, QUOTE_MOST);
    const char *quote = quoted == NULL ? "(no memory to quote it)" : quoted;
    const char *meaning = php_meaning(text);
    if (meaning != NULL) {
        error_set(error, STATUS_EPROTOCOL, "%s: instead of a frame came %s", meaning, quote);
    } else if (format->is_other(came)) {
        error_set(error, STATUS_EPROTOCOL, "%s (%s): %s", format->other, expected, quote);
    } else if (text.size > 0) {
        error_set(error, STATUS_EPROTOCOL,
                  "the worker printed text where its frames go (print to STDERR instead): %s (%s)",
                  quote, expected);
    } else {
        error_set(error, STATUS_EPROTOCOL, "not a %s frame: %s, in %s", format->name, expected,
                  quote);
    }
    free(quoted);
    return STATUS_EPROTOCOL;
}
