/* A YAML text as a graph of nodes, with the place of each: aliases point to what they name. */
#ifndef COYOTE_CONFIG_DOCUMENT_H
#define COYOTE_CONFIG_DOCUMENT_H

#include "base/error.h"
#include "position.h"

enum {
    DEPTH_LIMIT = 64 /* of mappings and lists within each other */
};

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAPPING };

struct node {
    enum node_kind kind;
    size_t line;
    size_t column;
    char *tag;  /* one that is not understood; else NULL */
    bool plain; /* of a scalar: without quotes, so it may be a number */
    char *text; /* of a scalar; ends in NUL and may hold others */
    size_t size;
    struct node **items; /* of a list; of a mapping key, value, key, value */
    size_t count;
    size_t capacity;
    bool open;         /* still being read: an alias to it would hold itself */
    struct node *next; /* of all, for freeing */
};

struct document {
    struct node *root; /* NULL: the text is empty */
    struct node *all;
};

/* JSON is read as YAML, which it is. Stops at the first mistake: STATUS_ECONFIG.
   The caller frees the document, also on failure. */
int document_read(struct document *document, const struct origin *origin, const char *text,
                  size_t size, struct error *error);
void document_free(struct document *document);

/* NULL when memory ran out; the document owns it. */
struct node *document_add(struct document *document, enum node_kind kind);
/* 0 or STATUS_EMEMORY. */
int node_append(struct node *node, struct node *item);

#endif
