#include "document_problem.h"

#include <stdlib.h>
#include <string.h>

#include "quote.h"

struct words {
    const char *problem; /* the start of the parser's own; NULL: any */
    const char *context; /* the start of its context; NULL: any */
    bool at_context;     /* the mistake is where the construct began */
    const char *plain;
};

static const struct words WORDS[] = {
    {"mapping values are not allowed", NULL, false,
     "a \":\" can't stand here; put text that has \": \" in it in quotes, and check that this line "
     "is indented as its neighbours, and that the key above has a \":\" and a space after it"},
    {"could not find expected ':'", NULL, true,
     "a key without \":\" after it; write it as \"key: value\", and check the indentation"},
    {"did not find expected key", NULL, false,
     "a key was expected here; check the indentation, and the quotes and brackets before it"},
    {"did not find expected '-'", NULL, false,
     "the next \"- \" of the list, or a key further left, was expected here; check the "
     "indentation"},
    {"did not find expected ',' or ']'", NULL, true,
     "the \"[\" opened here is never closed; add \"]\", or the \",\" that is missing"},
    {"did not find expected ',' or '}'", NULL, true,
     "the \"{\" opened here is never closed; add \"}\", or the \",\" that is missing"},
    {"found unexpected end of stream", "while scanning a quoted scalar", true,
     "the quote opened here is never closed"},
    {"found unexpected document indicator", "while scanning a quoted scalar", true,
     "the quote opened here is never closed"},
    {"found unknown escape character", NULL, false,
     "no such escape in double quotes; write \\\\ for a backslash, or use single quotes"},
    {"did not find expected hexdecimal number", NULL, false,
     "hexadecimal digits were expected after \\x, \\u or \\U; write \\\\ for a backslash, or use "
     "single quotes"},
    {"found invalid Unicode character escape code", NULL, false,
     "no such character; write the character itself and not its escape"},
    {"block sequence entries are not allowed", NULL, false,
     "a list item can't stand here; start the list on the line below its key"},
    {"block mapping entries are not allowed", NULL, false,
     "a mapping can't stand here; start it on the line below its key"},
    {"mapping keys are not allowed", NULL, false,
     "a key can't stand here; start it on a line of its own, and check the indentation"},
    {"found a tab character", NULL, false, "a tab can't indent; use spaces"},
    {"did not find expected <document start>", NULL, false,
     "this belongs to nothing before it; check the indentation, and the quotes and brackets"},
    {"did not find expected alphabetic or numeric character", "while scanning an a", false,
     "a name of letters and digits was expected after & or *; put text that starts with & or * in "
     "quotes"},
    {"did not find expected node content", NULL, false,
     "a value was expected here; remove the \",\" or bracket that is too many, or put the text in "
     "quotes"},
    {"did not find expected comment or line break", "while scanning a block scalar", true,
     "after | or > the text starts on the next line; put text that starts with | or > in quotes"},
    {"found an indentation indicator", NULL, true,
     "after | or > the text starts on the next line; put text that starts with | or > in quotes"},
    {"found unexpected ':'", NULL, false, "put text that has \":\" in it in quotes"},
    {"did not find expected whitespace or line break", "while scanning a tag", true,
     "no such tag; put text that starts with ! in quotes"},
    {NULL, "while scanning a directive", true,
     "a line can't start with \"%\"; put the text in quotes"},
    {"did not find expected tag URI", NULL, true,
     "no such tag; put text that starts with ! in quotes"},
    {"found undefined tag handle", NULL, false,
     "no such tag; put text that starts with ! in quotes"},
};
enum { WORDS_COUNT = sizeof WORDS / sizeof *WORDS };

static bool starts(const char *text, const char *start)
{
    return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

static const struct words *words_find(const yaml_parser_t *parser)
{
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        if ((WORDS[i].problem == NULL || starts(parser->problem, WORDS[i].problem)) &&
            (WORDS[i].context == NULL || starts(parser->context, WORDS[i].context))) {
            return &WORDS[i];
        }
    }
    return NULL;
}

/* The text from the mark's character on, which the parser counts in characters. */
static const char *text_at(const char *text, size_t size, size_t index, size_t *length)
{
    size_t at = 0;
    for (size_t character = 0; at < size; at++) {
        if (((unsigned char)text[at] & 0xc0) != 0x80 && character++ == index) {
            break;
        }
    }
    *length = 0;
    while (at + *length < size &&
           (*length == 0 || ((unsigned char)text[at + *length] & 0xc0) == 0x80)) {
        (*length)++;
    }
    return text + at;
}

static int refuse_start(const char *where, const char *at, size_t length, struct error *error)
{
    if (length == 1 && *at == '\t') {
        return error_set(error, STATUS_ECONFIG, "%s: a tab can't indent; use spaces", where);
    }
    char *quoted = quote_text(at, length);
    int status = quoted == NULL
                     ? error_memory(error)
                     : error_set(error, STATUS_ECONFIG,
                                 "%s: a text can't start with %s; put it in quotes", where, quoted);
    free(quoted);
    return status;
}

int document_problem(const yaml_parser_t *parser, const struct origin *origin, const char *text,
                     size_t size, struct error *error)
{
    if (parser->error == YAML_MEMORY_ERROR || parser->problem == NULL) {
        return error_memory(error);
    }
    const struct words *words = words_find(parser);
    yaml_mark_t mark =
        words != NULL && words->at_context ? parser->context_mark : parser->problem_mark;
    char *where = origin_words(origin, mark.line + 1, mark.column + 1);
    if (where == NULL) {
        return error_memory(error);
    }
    int status;
    if (starts(parser->problem, "found character that cannot start any token")) {
        size_t length;
        const char *at = text_at(text, size, mark.index, &length);
        status = refuse_start(where, at, length, error);
    } else if (words != NULL) {
        status = error_set(error, STATUS_ECONFIG, "%s: %s", where, words->plain);
    } else {
        status = error_set(error, STATUS_ECONFIG, "%s: this is not YAML: %s%s%s", where,
                           parser->context == NULL ? "" : parser->context,
                           parser->context == NULL ? "" : ", ", parser->problem);
    }
    free(where);
    return status;
}
