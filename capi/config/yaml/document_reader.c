/* From the parser's events to nodes. */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "document.h"
#include "document_problem.h"
#include "json_pairs.h"
#include "quote.h"
#include "text_check.h"

struct anchor {
    char *name;
    struct node *node;
};

struct reader {
    yaml_parser_t parser;
    struct document *document;
    const struct origin *origin;
    struct node *open[DEPTH_LIMIT];
    size_t depth;
    struct anchor *anchors; /* the last one of a name counts */
    size_t anchor_count;
    size_t anchor_capacity;
    struct error *error;
};

static int refuse(const struct reader *reader, yaml_mark_t mark, const char *before,
                  const char *word, const char *after)
{
    char *where = origin_words(reader->origin, mark.line + 1, mark.column + 1);
    char *quoted = quote_text(word, strlen(word));
    int status =
        where == NULL || quoted == NULL
            ? error_memory(reader->error)
            : error_set(reader->error, STATUS_ECONFIG, "%s: %s%s%s", where, before, quoted, after);
    free(where);
    free(quoted);
    return status;
}

static int refuse_plainly(const struct reader *reader, yaml_mark_t mark, const char *words)
{
    char *where = origin_words(reader->origin, mark.line + 1, mark.column + 1);
    int status = where == NULL ? error_memory(reader->error)
                               : error_set(reader->error, STATUS_ECONFIG, "%s: %s", where, words);
    free(where);
    return status;
}

static int anchor_add(struct reader *reader, const yaml_char_t *name, struct node *node)
{
    if (reader->anchor_count == reader->anchor_capacity) {
        size_t capacity = reader->anchor_capacity == 0 ? 8 : reader->anchor_capacity * 2;
        struct anchor *anchors = realloc(reader->anchors, capacity * sizeof *anchors);
        if (anchors == NULL) {
            return error_memory(reader->error);
        }
        reader->anchors = anchors;
        reader->anchor_capacity = capacity;
    }
    char *copy = strdup((const char *)name);
    if (copy == NULL) {
        return error_memory(reader->error);
    }
    reader->anchors[reader->anchor_count++] = (struct anchor){copy, node};
    return STATUS_OK;
}

static int attach(struct reader *reader, struct node *node)
{
    if (reader->depth == 0) {
        reader->document->root = node;
        return STATUS_OK;
    }
    int status = node_append(reader->open[reader->depth - 1], node);
    return status == STATUS_OK ? status : error_memory(reader->error);
}

/* "!!str" and "!" say that a scalar is text, "!!map" and "!!seq" what can be seen anyway. */
static bool tag_understood(const struct node *node, const char *tag)
{
    static const char *const expected[] = {
        [NODE_SCALAR] = YAML_STR_TAG, [NODE_LIST] = YAML_SEQ_TAG, [NODE_MAPPING] = YAML_MAP_TAG};
    return strcmp(tag, "!") == 0 || strcmp(tag, expected[node->kind]) == 0;
}

static struct node *node_read(struct reader *reader, enum node_kind kind, yaml_mark_t mark,
                              const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct node *node = document_add(reader->document, kind);
    if (node == NULL) {
        error_memory(reader->error);
        return NULL;
    }
    node->line = mark.line + 1;
    node->column = mark.column + 1;
    node->open = kind != NODE_SCALAR;
    if (tag != NULL && !tag_understood(node, (const char *)tag)) {
        node->tag = strdup((const char *)tag);
        if (node->tag == NULL) {
            error_memory(reader->error);
            return NULL;
        }
    }
    if (attach(reader, node) != STATUS_OK ||
        (anchor != NULL && anchor_add(reader, anchor, node) != STATUS_OK)) {
        return NULL;
    }
    return node;
}

static int read_scalar(struct reader *reader, const yaml_event_t *event)
{
    struct node *node = node_read(reader, NODE_SCALAR, event->start_mark, event->data.scalar.anchor,
                                  event->data.scalar.tag);
    if (node == NULL) {
        return STATUS_EMEMORY;
    }
    node->size = event->data.scalar.length;
    node->plain =
        event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && event->data.scalar.tag == NULL;
    node->text = malloc(node->size + 1);
    if (node->text == NULL) {
        return error_memory(reader->error);
    }
    memcpy(node->text, event->data.scalar.value, node->size);
    node->text[node->size] = '\0';
    return STATUS_OK;
}

static int read_start(struct reader *reader, enum node_kind kind, yaml_mark_t mark,
                      const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (reader->depth == DEPTH_LIMIT) {
        return refuse_plainly(reader, mark, "nested deeper than 64 levels; make it flatter");
    }
    struct node *node = node_read(reader, kind, mark, anchor, tag);
    if (node == NULL) {
        return STATUS_EMEMORY;
    }
    reader->open[reader->depth++] = node;
    return STATUS_OK;
}

static int read_alias(struct reader *reader, const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    for (size_t i = reader->anchor_count; i-- > 0;) {
        if (strcmp(reader->anchors[i].name, name) != 0) {
            continue;
        }
        if (reader->anchors[i].node->open) {
            return refuse(reader, event->start_mark, "the alias ", name,
                          " stands within the value that it names; a value can't hold itself");
        }
        return attach(reader, reader->anchors[i].node);
    }
    return refuse(reader, event->start_mark, "the alias ", name,
                  " names no anchor before it; mark the value to repeat with & and this name, or "
                  "put text that starts with * in quotes");
}

static int read_event(struct reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return reader->document->root == NULL
                   ? STATUS_OK
                   : refuse_plainly(reader, event->start_mark,
                                    "a second document starts here; keep one, without \"---\" "
                                    "between its parts");
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT:
        return read_start(reader, NODE_LIST, event->start_mark, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return read_start(reader, NODE_MAPPING, event->start_mark, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        reader->open[--reader->depth]->open = false;
        return STATUS_OK;
    case YAML_ALIAS_EVENT:
        return read_alias(reader, event);
    default:
        return STATUS_OK;
    }
}

static int read_all(struct reader *reader, const char *text, size_t size)
{
    yaml_event_type_t type = YAML_NO_EVENT;
    int status = STATUS_OK;
    while (status == STATUS_OK && type != YAML_STREAM_END_EVENT) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event)) {
            return document_problem(&reader->parser, reader->origin, text, size, reader->error);
        }
        type = event.type;
        status = read_event(reader, &event);
        yaml_event_delete(&event);
    }
    return status;
}

static int read_text(struct document *document, const struct origin *origin, const char *text,
                     size_t size, struct error *error)
{
    struct reader reader = {.document = document, .origin = origin, .error = error};
    if (!yaml_parser_initialize(&reader.parser)) {
        return error_memory(error);
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
    int status = read_all(&reader, text, size);
    yaml_parser_delete(&reader.parser);
    for (size_t i = 0; i < reader.anchor_count; i++) {
        free(reader.anchors[i].name);
    }
    free(reader.anchors);
    return status;
}

int document_read(struct document *document, const struct origin *origin, const char *text,
                  size_t size, struct error *error)
{
    static const char mark[] = "\xef\xbb\xbf";
    *document = (struct document){0};
    if (size >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0) {
        text += strlen(mark);
        size -= strlen(mark);
    }
    int status = text_check(origin, text, size, error);
    if (status != STATUS_OK || size == 0) {
        return status;
    }
    if (!json_pairs_needed(text, size)) {
        return read_text(document, origin, text, size, error);
    }
    char *joined = json_pairs_join(text, &size);
    status =
        joined == NULL ? error_memory(error) : read_text(document, origin, joined, size, error);
    free(joined);
    return status;
}
