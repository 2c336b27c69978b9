#include "close_others.h"

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux_dirent64, which libc does not declare: see getdents64(2). */
struct directory_entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static int number_of(const char *name)
{
    int number = 0;
    for (; *name != '\0'; name++) {
        if (*name < '0' || *name > '9' || number > INT_MAX / 10 - 1) {
            return -1;
        }
        number = number * 10 + (*name - '0');
    }
    return number;
}

/* Closing while reading may skip entries: start over until a pass closes nothing. */
static int close_listed(int directory, int first)
{
    _Alignas(struct directory_entry) char entries[2048];
    int closed = 0;
    long size;
    lseek(directory, 0, SEEK_SET);
    while ((size = syscall(SYS_getdents64, directory, entries, sizeof entries)) > 0) {
        for (long at = 0; at < size;) {
            const struct directory_entry *entry = (const void *)(entries + at);
            int fd = number_of(entry->name);
            if (fd >= first && fd != directory && close(fd) == 0) {
                closed++;
            }
            at += entry->length;
        }
    }
    return closed;
}

bool close_others_listed(int first)
{
    int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        return false;
    }
    while (close_listed(directory, first) > 0) {
    }
    close(directory);
    return true;
}

void close_others(int first)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 0) == 0) {
        return;
    }
#endif
    /* Before Linux 5.9, under valgrind, or refused by seccomp. */
    if (close_others_listed(first)) {
        return;
    }
    struct rlimit limit;
    int last = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur
                                                                               : 65536;
    for (int fd = first; fd < last; fd++) {
        close(fd);
    }
}
