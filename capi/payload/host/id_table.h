/* Finds things by a number, in constant time. The nodes lie in the owner's structs. */
#ifndef COYOTE_PAYLOAD_HOST_ID_TABLE_H
#define COYOTE_PAYLOAD_HOST_ID_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct id_node {
    struct id_node *next;
};

struct id_table {
    struct id_node **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    uint64_t (*id_of)(const struct id_node *node);
};

/* 0 or STATUS_EMEMORY. */
int id_table_init(struct id_table *table, uint64_t (*id_of)(const struct id_node *node));
void id_table_free(struct id_table *table);

/* An id that is not in it yet. */
void id_table_add(struct id_table *table, struct id_node *node);
/* NULL: there is none. */
struct id_node *id_table_find(const struct id_table *table, uint64_t id);
struct id_node *id_table_take(struct id_table *table, uint64_t id);

#endif
