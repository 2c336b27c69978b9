#include "payload/host/id_table.h"

#include <stdlib.h>

#include "base/error.h"

/* Two nodes a bucket: the ids of jobs are consecutive and fill the buckets evenly. */
enum { BUCKETS_FIRST = 64, NODES_A_BUCKET = 2 };

int id_table_init(struct id_table *table, uint64_t (*id_of)(const struct id_node *node))
{
    *table = (struct id_table){.id_of = id_of, .bucket_count = BUCKETS_FIRST};
    table->buckets = calloc(BUCKETS_FIRST, sizeof(struct id_node *));
    return table->buckets == NULL ? STATUS_EMEMORY : STATUS_OK;
}

void id_table_free(struct id_table *table)
{
    free((void *)table->buckets);
    *table = (struct id_table){0};
}

static struct id_node **place_of(const struct id_table *table, uint64_t id)
{
    struct id_node **place = &table->buckets[id & (table->bucket_count - 1)];
    while (*place != NULL && table->id_of(*place) != id) {
        place = &(*place)->next;
    }
    return place;
}

/* Where memory runs out the chains only get longer. */
static void grow(struct id_table *table)
{
    size_t old_count = table->bucket_count;
    struct id_node **old = table->buckets;
    struct id_node **buckets = calloc(old_count * 2, sizeof(struct id_node *));
    if (buckets == NULL) {
        return;
    }
    table->buckets = buckets;
    table->bucket_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++) {
        for (struct id_node *node = old[i], *next; node != NULL; node = next) {
            next = node->next;
            struct id_node **bucket = &buckets[table->id_of(node) & (table->bucket_count - 1)];
            node->next = *bucket;
            *bucket = node;
        }
    }
    free((void *)old);
}

void id_table_add(struct id_table *table, struct id_node *node)
{
    if (table->count >= table->bucket_count * NODES_A_BUCKET) {
        grow(table);
    }
    struct id_node **bucket = &table->buckets[table->id_of(node) & (table->bucket_count - 1)];
    node->next = *bucket;
    *bucket = node;
    table->count++;
}

struct id_node *id_table_find(const struct id_table *table, uint64_t id)
{
    return *place_of(table, id);
}

struct id_node *id_table_take(struct id_table *table, uint64_t id)
{
    struct id_node **place = place_of(table, id);
    struct id_node *node = *place;
    if (node != NULL) {
        *place = node->next;
        table->count--;
    }
    return node;
}
