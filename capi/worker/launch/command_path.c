#include "command_path.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a shell uses where PATH is not set (POSIX confstr). */
static const char fallback_path[] = "/usr/local/bin:/usr/bin:/bin";

static const char *path_of(char *const *environment)
{
    for (; environment != NULL && *environment != NULL; environment++) {
        if (strncmp(*environment, "PATH=", 5) == 0) {
            return *environment + 5;
        }
    }
    return fallback_path;
}

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static int find_named(const char *command, char **path, struct error *error)
{
    struct stat status;
    if (stat(command, &status) != 0) {
        return error_set(error, STATUS_EWORKER, "worker command %s: %s", command, strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return error_set(error, STATUS_EWORKER, "worker command %s: not a file", command);
    }
    if (access(command, X_OK) != 0) {
        return error_set(error, STATUS_EWORKER,
                         "worker command %s: not executable; run it by its interpreter (\"php "
                         "%s\") or chmod +x it",
                         command, command);
    }
    *path = strdup(command);
    return *path == NULL ? error_memory(error) : STATUS_OK;
}

int command_path_find(const char *command, char *const *environment, char **path,
                      struct error *error)
{
    if (strchr(command, '/') != NULL) {
        return find_named(command, path, error);
    }
    const char *all = path_of(environment);
    const char *at = all;
    for (bool more = true; more;) {
        size_t size = strcspn(at, ":");
        char *tried = NULL;
        /* an empty place is the working folder, as for a shell */
        int printed = size == 0 ? asprintf(&tried, "./%s", command)
                                : asprintf(&tried, "%.*s/%s", (int)size, at, command);
        if (printed < 0) {
            return error_memory(error);
        }
        if (is_program(tried)) {
            *path = tried;
            return STATUS_OK;
        }
        free(tried);
        more = at[size] == ':';
        at += size + 1;
    }
    return error_set(error, STATUS_EWORKER,
                     "worker command %s: No such file or directory in PATH (%s); install it or "
                     "give its full path",
                     command, all);
}
