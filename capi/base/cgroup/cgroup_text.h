/* Small texts of the kernel. */
#ifndef COYOTE_BASE_CGROUP_TEXT_H
#define COYOTE_BASE_CGROUP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A control file has a few short lines; what is longer is none. */
enum { CGROUP_TEXT_MOST = 4096 };

/* The whole file, the caller frees it. NULL: it can't be read, is empty or longer than `most`, or
   memory ran out. Blocks no longer than a file of the kernel's does. */
char *cgroup_text_read(const char *path, size_t most);

/* A control file `name` of `folder`. */
char *cgroup_text_read_in(const char *folder, const char *name);

/* Takes digits off the front of `*text`. false: there are none, or too many. */
bool cgroup_text_number(const char **text, uint64_t *number);

/* The number of the line "KEY NUMBER". */
bool cgroup_text_value(const char *text, const char *key, uint64_t *number);

#endif
