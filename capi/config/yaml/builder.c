#include "builder.h"

#include <stdlib.h>

/* Aliases can make a small text a huge tree: what each value takes is counted against this. */
enum { TREE_BYTES = 32 << 20 };

void builder_memory(struct builder *builder)
{
    builder->mistakes->out_of_memory = true;
    builder->stopped = true;
}

void builder_refuse(struct builder *builder, const struct node *node, const char *words)
{
    struct place place;
    if (place_init(&place, builder->origin, node->line, node->column) != STATUS_OK) {
        builder_memory(builder);
        return;
    }
    mistakes_add(builder->mistakes, &place, key_path_text(&builder->path), "%s", words);
    free(place.text);
}

bool builder_spend(struct builder *builder, const struct node *node, size_t size)
{
    builder->spent += BUILDER_VALUE_BYTES + builder->path.size + size;
    if (!builder->stopped && builder->spent > TREE_BYTES) {
        builder_refuse(
            builder, node,
            "more values than a config may hold; an alias counts each time that it is used");
        builder->stopped = true;
    }
    return !builder->stopped;
}

void builder_record(struct builder *builder, const struct node *key, const struct node *value,
                    const struct node *mapping)
{
    struct position position = {
        .mapping = mapping, .merged = builder->merging > 0, .implied = value == NULL};
    const struct node *written = value == NULL ? key : value;
    if (place_init(&position.key, builder->origin, key->line, key->column) != STATUS_OK ||
        place_init(&position.value, builder->origin, written->line, written->column) != STATUS_OK) {
        free(position.key.text);
        builder_memory(builder);
    } else if (positions_record(&builder->config->positions, key_path_text(&builder->path),
                                &position) != STATUS_OK) {
        builder_memory(builder);
    }
}
