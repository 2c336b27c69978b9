#include "cgroup_mount.h"

#include <stddef.h>
#include <string.h>

static bool is_octal(char digit)
{
    return digit >= '0' && digit <= '7';
}

/* The kernel writes blanks, tabs, newlines and backslashes as \040 and so on. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; to++) {
        if (from[0] == '\\' && is_octal(from[1]) && is_octal(from[2]) && is_octal(from[3])) {
            *to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

/* 36 35 98:0 /root /point rw,noatime master:1 - type source rw,options
   with any number of fields before the dash. */
bool cgroup_mount_parse(char *line, struct cgroup_mount *mount)
{
    char *rest = line;
    for (int i = 0; i < 3; i++) {
        strsep(&rest, " ");
    }
    mount->root = strsep(&rest, " ");
    mount->point = strsep(&rest, " ");
    if (mount->point == NULL || *mount->root != '/' || *mount->point != '/') {
        return false;
    }
    const char *field;
    do {
        field = strsep(&rest, " ");
    } while (field != NULL && strcmp(field, "-") != 0);
    mount->type = strsep(&rest, " ");
    strsep(&rest, " ");
    mount->options = strsep(&rest, " ");
    if (mount->options == NULL) {
        return false;
    }
    unescape(mount->root);
    unescape(mount->point);
    return true;
}

bool cgroup_mount_lists(const char *list, const char *name)
{
    size_t size = strlen(name);
    while (list != NULL) {
        if (strncmp(list, name, size) == 0 && (list[size] == ',' || list[size] == '\0')) {
            return true;
        }
        list = strchr(list, ',');
        list = list == NULL ? NULL : list + 1;
    }
    return false;
}
