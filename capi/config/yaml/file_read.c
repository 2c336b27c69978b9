#include "file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"

enum { CHUNK = 16384 };

static int refuse(const char *path, int errno_value, struct error *error)
{
    const char *mend = errno_value == ENOENT   ? "; write this file, or name another one"
                       : errno_value == EACCES ? "; let this user read it (chmod, chown)"
                       : errno_value == EISDIR ? "; name a file in it"
                                               : "";
    return error_set(error, STATUS_ESYSTEM, "%s: %s%s", path[0] == '\0' ? "\"\"" : path,
                     strerror(errno_value), mend);
}

int file_too_large(const char *path, struct error *error)
{
    return error_set(error, STATUS_ETOOBIG,
                     "%s: larger than 4 MiB, which no config is; is it another file?", path);
}

static int read_all(int file, const char *path, struct buffer *buffer, struct error *error)
{
    for (;;) {
        void *to = buffer_reserve(buffer, CHUNK);
        if (to == NULL) {
            return error_memory(error);
        }
        ssize_t got = read(file, to, CHUNK);
        if (got == 0) {
            return STATUS_OK;
        }
        if (got < 0 && errno != EINTR) {
            return refuse(path, errno, error);
        }
        buffer_wrote(buffer, got < 0 ? 0 : (size_t)got);
        if (buffer_unread(buffer).size > FILE_LIMIT) {
            return file_too_large(path, error);
        }
    }
}

int file_read(const char *path, char **text, size_t *size, struct error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return refuse(path, errno, error);
    }
    struct buffer buffer = {0};
    int status = read_all(file, path, &buffer, error);
    close(file);
    if (status != STATUS_OK) {
        buffer_free(&buffer);
        return status;
    }
    /* nothing was consumed, so the block begins with what was read */
    *text = buffer.data;
    *size = buffer_unread(&buffer).size;
    return STATUS_OK;
}
