#include "launch_environment.h"

#include <stdlib.h>
#include <string.h>

static const char relay[] = "RR_RELAY=";

char **launch_environment(char *const *environment, const char *address)
{
    size_t count = 0;
    while (environment != NULL && environment[count] != NULL) {
        count++;
    }
    size_t pointers = (count + 2) * sizeof(char *);
    char **lines = malloc(pointers + sizeof relay + strlen(address));
    if (lines == NULL) {
        return NULL;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(environment[i], relay, sizeof relay - 1) != 0) {
            lines[kept++] = environment[i];
        }
    }
    char *line = (char *)lines + pointers;
    stpcpy(stpcpy(line, relay), address);
    lines[kept++] = line;
    lines[kept] = NULL;
    return lines;
}
