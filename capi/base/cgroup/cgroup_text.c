#include "cgroup_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"

enum { CHUNK = 4096 };

/* false: an error, or longer than `most`. One byte more than `most` is asked for to see that. */
static bool read_all(int file, size_t most, struct buffer *buffer)
{
    for (;;) {
        char *to = buffer_reserve(buffer, CHUNK);
        ssize_t size = to == NULL ? -1 : read(file, to, CHUNK);
        if (size < 0 && to != NULL && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            return size == 0;
        }
        buffer_wrote(buffer, (size_t)size);
        if (buffer_unread(buffer).size > most) {
            return false;
        }
    }
}

char *cgroup_text_read(const char *path, size_t most)
{
    struct buffer buffer = {0};
    char *text = NULL;
    /* should it be a FIFO, nobody waits for its other end */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) {
        return NULL;
    }
    if (read_all(file, most, &buffer) && buffer_unread(&buffer).size > 0) {
        struct bytes all = buffer_unread(&buffer);
        text = strndup(all.data, all.size);
    }
    close(file);
    buffer_free(&buffer);
    return text;
}

char *cgroup_text_read_in(const char *folder, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        return NULL;
    }
    char *text = cgroup_text_read(path, CGROUP_TEXT_MOST);
    free(path);
    return text;
}

bool cgroup_text_number(const char **text, uint64_t *number)
{
    /* strtoumax alone would take blanks and a sign as well */
    if (**text < '0' || **text > '9') {
        return false;
    }
    char *end;
    errno = 0;
    *number = strtoumax(*text, &end, 10);
    *text = end;
    return errno == 0;
}

bool cgroup_text_value(const char *text, const char *key, uint64_t *number)
{
    size_t size = strlen(key);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        if (strncmp(line, key, size) == 0 && line[size] == ' ') {
            line += size + 1;
            return cgroup_text_number(&line, number) && (*line == '\n' || *line == '\0');
        }
    }
    return false;
}
