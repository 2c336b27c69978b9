/* An intrusive doubly linked list: the node lies in the owner's struct, nothing is allocated. */
#ifndef COYOTE_BASE_LIST_H
#define COYOTE_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list_node {
    struct list_node *next;
    struct list_node *previous;
};

/* The struct that holds a member, from the member's address. */
#define container_of(pointer, type, member)                                                        \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

struct list {
    struct list_node head;
    size_t count;
};

static inline void list_init(struct list *list)
{
    list->head.next = &list->head;
    list->head.previous = &list->head;
    list->count = 0;
}

static inline bool list_empty(const struct list *list)
{
    return list->head.next == &list->head;
}

static inline struct list_node *list_first(const struct list *list)
{
    /* the analyser does not see that a node is unlinked before its owner is freed */
    return list_empty(list) ? NULL : list->head.next; /* NOLINT(clang-analyzer-unix.Malloc) */
}

/* NULL after the last one. */
static inline struct list_node *list_next(const struct list *list, const struct list_node *node)
{
    return node->next == &list->head ? NULL : node->next;
}

static inline void list_insert_before(struct list *list, struct list_node *place,
                                      struct list_node *node)
{
    node->next = place;
    node->previous = place->previous;
    place->previous->next = node;
    place->previous = node;
    list->count++;
}

static inline void list_append(struct list *list, struct list_node *node)
{
    list_insert_before(list, &list->head, node);
}

static inline void list_prepend(struct list *list, struct list_node *node)
{
    list_insert_before(list, list->head.next, node);
}

static inline void list_remove(struct list *list, struct list_node *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    node->next = NULL;
    node->previous = NULL;
    list->count--;
}

static inline struct list_node *list_take_first(struct list *list)
{
    struct list_node *node = list_first(list);
    if (node != NULL) {
        list_remove(list, node);
    }
    return node;
}

#endif
