#include "tree_builder.h"

#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "scalar.h"

static json_t *build_list(struct builder *builder, const struct node *node);

json_t *builder_value(struct builder *builder, const struct node *node)
{
    json_t *value = NULL;
    const char *problem = NULL;
    if (!builder_spend(builder, node, node->size)) {
        return NULL;
    }
    if (node->tag != NULL) {
        builder_refuse(builder, node,
                       "this tag (a word that starts with !) has no meaning here; remove "
                       "it, or put text that starts with ! in quotes");
        return json_null();
    }
    switch (node->kind) {
    case NODE_MAPPING:
        value = json_object();
        if (value != NULL) {
            builder_fill(builder, value, node, NULL);
        }
        break;
    case NODE_LIST:
        value = build_list(builder, node);
        break;
    case NODE_SCALAR:
        value = scalar_resolve(node, &problem);
        break;
    }
    if (problem != NULL) {
        builder_refuse(builder, node, problem);
        return json_null();
    }
    if (value == NULL && !builder->stopped) {
        builder_memory(builder);
    }
    return value;
}

static json_t *build_list(struct builder *builder, const struct node *node)
{
    json_t *list = json_array();
    size_t size = builder->path.size;
    if (builder->depth == DEPTH_LIMIT) {
        builder_refuse(builder, node, BUILDER_TOO_DEEP);
        return list;
    }
    builder->depth++;
    for (size_t i = 0; list != NULL && i < node->count && !builder->stopped; i++) {
        if (key_path_push_index(&builder->path, i) != STATUS_OK) {
            builder_memory(builder);
            break;
        }
        builder_record(builder, node->items[i], node->items[i], NULL);
        json_t *item = builder_value(builder, node->items[i]);
        if (item != NULL && json_array_append_new(list, item) != 0) {
            builder_memory(builder);
        }
        key_path_cut(&builder->path, size);
    }
    builder->depth--;
    return list;
}

static bool is_nothing(const struct node *root)
{
    const char *problem;
    json_t *value =
        root->kind == NODE_SCALAR && root->tag == NULL ? scalar_resolve(root, &problem) : NULL;
    bool nothing = json_is_null(value);
    json_decref(value);
    return nothing;
}

static void build_root(struct builder *builder, const struct node *root)
{
    builder_record(builder, root, root, root);
    if (is_nothing(root)) {
        return;
    }
    if (root->kind == NODE_MAPPING && root->tag == NULL) {
        builder_fill(builder, builder->config->root, root, NULL);
        return;
    }
    builder_refuse(
        builder, root,
        root->kind == NODE_LIST
            ? "found a list; a config is a mapping: the name of a section and a \":\", and "
              "below it, indented, its keys"
            : "found a single value; a config is a mapping: the name of a section and a "
              "\":\", and below it, indented, its keys");
}

void tree_build(struct config *config, const struct origin *origin, const struct document *document,
                struct mistakes *mistakes)
{
    struct builder builder = {.config = config, .origin = origin, .mistakes = mistakes};
    char nothing[] = "";
    struct node empty = {
        .kind = NODE_SCALAR, .plain = true, .text = nothing, .line = 1, .column = 1};
    build_root(&builder, document->root == NULL ? &empty : document->root);
    key_path_free(&builder.path);
}

void tree_build_at(struct config *config, const struct origin *origin, const char *key,
                   const struct document *document, struct mistakes *mistakes)
{
    struct builder builder = {.config = config, .origin = origin, .mistakes = mistakes};
    char nothing[] = "";
    struct node empty = {
        .kind = NODE_SCALAR, .plain = true, .text = nothing, .line = 1, .column = 1};
    struct node name = {.kind = NODE_SCALAR, .line = 1, .column = 1};
    name.text = strdup(key);
    if (name.text == NULL) {
        builder_memory(&builder);
        return;
    }
    name.size = strlen(key);
    builder_put(&builder, config->root, &name, document->root == NULL ? &empty : document->root,
                NULL, NULL);
    free(name.text);
    key_path_free(&builder.path);
}
