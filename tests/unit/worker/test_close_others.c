#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "close_others.h"
#include "suite.h"

enum { KEPT = 6, MOST = 900 };

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* In a child, as the runner needs its own. _i: by whatever the system has, or by /proc alone. */
static bool closes_all(int way)
{
    for (int fd = 0; fd < MOST; fd++) {
        if (!is_open(fd)) {
            dup2(0, fd);
        }
    }
    if (way == 0) {
        close_others(KEPT);
    } else if (!close_others_listed(KEPT)) {
        return false;
    }
    for (int fd = 0; fd < MOST; fd++) {
        if (is_open(fd) != (fd < KEPT)) {
            return false;
        }
    }
    return true;
}

START_TEST(every_descriptor_from_a_number_on_is_closed)
{
    struct rlimit limit = {MOST + 100, MOST + 100};
    pid_t pid = fork();
    if (pid == 0) {
        setrlimit(RLIMIT_NOFILE, &limit);
        _exit(closes_all(_i) ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

TCase *close_others_case(void);
TCase *close_others_case(void)
{
    TCase *test = tcase_create("close_others");
    tcase_add_loop_test(test, every_descriptor_from_a_number_on_is_closed, 0, 2);
    return test;
}
