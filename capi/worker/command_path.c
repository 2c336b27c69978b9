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

static char *find_named(const char *command, struct error *error)
{
    struct stat status;
    if (stat(command, &status) != 0) {
        error_system(error, errno, "worker command %s", command);
    } else if (!S_ISREG(status.st_mode)) {
        error_set(error, STATUS_EWORKER, "worker command %s: not a file", command);
    } else if (access(command, X_OK) != 0) {
        error_set(error, STATUS_EWORKER,
                  "worker command %s: not executable; run it by its interpreter (\"php %s\") or "
                  "chmod +x it",
                  command, command);
    } else {
        char *path = strdup(command);
        if (path == NULL) {
            error_memory(error);
        }
        return path;
    }
    return NULL;
}

char *command_path_find(const char *command, char *const *environment, struct error *error)
{
    if (strchr(command, '/') != NULL) {
        return find_named(command, error);
    }
    const char *all = path_of(environment);
    for (const char *at = all; *at != '\0';) {
        size_t size = strcspn(at, ":");
        char *path = NULL;
        int printed = size == 0 ? asprintf(&path, "./%s", command)
                                : asprintf(&path, "%.*s/%s", (int)size, at, command);
        if (printed < 0) {
            error_memory(error);
            return NULL;
        }
        if (is_program(path)) {
            return path;
        }
        free(path);
        at += size + (at[size] == ':' ? 1 : 0);
    }
    error_set(error, STATUS_EWORKER,
              "worker command %s: No such file or directory in PATH (%s); install it or give its "
              "full path",
              command, all);
    return NULL;
}
