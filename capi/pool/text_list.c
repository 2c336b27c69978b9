#include "text_list.h"

#include <stdlib.h>
#include <string.h>

char **text_list_copy(char *const *texts)
{
    size_t count = 0;
    size_t size = 0;
    while (texts != NULL && texts[count] != NULL) {
        size += strlen(texts[count++]) + 1;
    }
    char **copy = malloc((count + 1) * sizeof *copy + size);
    if (copy == NULL) {
        return NULL;
    }
    char *to = (char *)(copy + count + 1);
    for (size_t i = 0; i < count; i++) {
        copy[i] = to;
        to = stpcpy(to, texts[i]) + 1;
    }
    copy[count] = NULL;
    return copy;
}
