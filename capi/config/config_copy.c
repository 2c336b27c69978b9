/* Copies of a config and of its parts. */
#include "config/config.h"

#include "config_tree.h"

struct config *config_copy(const struct config *config)
{
    struct config *copy = config_new();
    json_t *root = copy == NULL ? NULL : json_deep_copy(config->root);
    if (root == NULL || positions_copy(&copy->positions, "", &config->positions, "") != STATUS_OK) {
        json_decref(root);
        config_free(copy);
        return NULL;
    }
    json_decref(copy->root);
    copy->root = root;
    copy->origins = config->origins;
    return copy;
}

int config_graft(struct config *to, const char *key, const struct config *from, const char *path)
{
    json_t *value = config_find(from, path);
    if (value == NULL) {
        return STATUS_OK;
    }
    if (json_object_set_new(to->root, key, json_deep_copy(value)) != 0 ||
        positions_copy(&to->positions, key, &from->positions, path) != STATUS_OK) {
        return STATUS_EMEMORY;
    }
    if (to->origins < from->origins) {
        to->origins = from->origins; /* what is read later comes after it */
    }
    return STATUS_OK;
}
