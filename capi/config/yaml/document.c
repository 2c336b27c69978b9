#include "document.h"

#include <stdint.h>
#include <stdlib.h>

struct node *document_add(struct document *document, enum node_kind kind)
{
    struct node *node = calloc(1, sizeof *node);
    if (node != NULL) {
        node->kind = kind;
        node->next = document->all;
        document->all = node;
    }
    return node;
}

int node_append(struct node *node, struct node *item)
{
    if (node->count == node->capacity) {
        /* NOLINTBEGIN(bugprone-sizeof-expression): an array of pointers is meant */
        size_t capacity = node->capacity == 0 ? 8 : node->capacity * 2;
        if (capacity > SIZE_MAX / sizeof *node->items) {
            return STATUS_EMEMORY;
        }
        struct node **items = realloc((void *)node->items, capacity * sizeof *node->items);
        /* NOLINTEND(bugprone-sizeof-expression) */
        if (items == NULL) {
            return STATUS_EMEMORY;
        }
        node->items = items;
        node->capacity = capacity;
    }
    node->items[node->count++] = item;
    return STATUS_OK;
}

void document_free(struct document *document)
{
    struct node *node = document->all;
    while (node != NULL) {
        struct node *next = node->next;
        free(node->tag);
        free(node->text);
        free((void *)node->items);
        free(node);
        node = next;
    }
    *document = (struct document){0};
}
