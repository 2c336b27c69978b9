/* The dotted path of a value while a tree is walked: "workers.env.PATH", "plugins[2]". */
#ifndef COYOTE_CONFIG_KEY_PATH_H
#define COYOTE_CONFIG_KEY_PATH_H

#include <stddef.h>

/* Start with `struct key_path path = {0}`. */
struct key_path {
    char *text;
    size_t size;
    size_t capacity;
};

/* 0 or STATUS_EMEMORY, the path as it was. Undone by key_path_cut to the size from before. */
int key_path_push(struct key_path *path, const char *key, size_t size);
int key_path_push_text(struct key_path *path, const char *key);
int key_path_push_index(struct key_path *path, size_t index);
void key_path_cut(struct key_path *path, size_t size);

/* Never NULL; "" is the whole tree. Valid until the next push. */
const char *key_path_text(const struct key_path *path);

void key_path_free(struct key_path *path);

#endif
