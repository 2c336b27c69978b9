#include "worker/process_memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel's own few lines; `size` is more than they ever have. */
static bool read_file(pid_t pid, const char *name, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);
    if (fd >= 0) {
        close(fd);
    }
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

bool process_memory_read(pid_t pid, struct process_memory *memory)
{
    char text[4096];
    const char *line =
        read_file(pid, "smaps_rollup", text, sizeof text) ? strstr(text, "\nPss:") : NULL;
    if (line != NULL) {
        memory->bytes = (size_t)strtoull(line + strlen("\nPss:"), NULL, 10) * 1024;
        memory->what = "Pss of smaps_rollup";
        return true;
    }
    char *end = text;
    if (read_file(pid, "statm", text, sizeof text)) {
        strtoull(text, &end, 10); /* the first number is the size of the address space */
        memory->bytes = (size_t)strtoull(end, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
        memory->what = "resident pages of statm";
    }
    return end != text;
}
