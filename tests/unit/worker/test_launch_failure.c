#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch.h"
#include "suite.h"

static struct launch launch;

/* Asserts that the launch fails with this text, and leaves neither a process nor a zombie. */
static void expect_failure(char *const *command, const char *text)
{
    struct error error = {0};
    int status = launch_program(&launch, command, &error);
    ck_assert_int_eq(status, STATUS_EWORKER);
    ck_assert_int_eq(error.status, status);
    ck_assert_msg(strstr(error_text(&error), text) != NULL, "\"%s\" is not in: %s", text,
                  error_text(&error));
    error_clear(&error);
    ck_assert(!launch_children());
    ck_assert_int_eq(launch.launched.pid, 0);
    launch_finish(&launch);
}

static void write_program(char *path, const char *text)
{
    int fd = mkostemp(path, O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(fchmod(fd, 0755), 0);
    close(fd);
}

START_TEST(a_program_that_is_not_there)
{
    expect_failure((char *const[]){"/nowhere/php", NULL}, "/nowhere/php: No such file");
    expect_failure((char *const[]){"phq", NULL}, "phq: No such file or directory in PATH");
    expect_failure((char *const[]){"/tmp", NULL}, "/tmp: not a file");
    expect_failure((char *const[]){"/etc/passwd", NULL}, "not executable");
}
END_TEST

START_TEST(a_file_that_no_kernel_can_run)
{
    char path[] = "/tmp/coyote-program-XXXXXX";
    write_program(path, "<?php echo 'no first line';\n");
    expect_failure((char *const[]){path, NULL}, "Exec format error");
    expect_failure((char *const[]){path, NULL}, "#!/usr/bin/env php");
    unlink(path);
}
END_TEST

START_TEST(an_interpreter_that_is_not_there)
{
    char path[] = "/tmp/coyote-program-XXXXXX";
    write_program(path, "#!/nowhere/php\n");
    expect_failure((char *const[]){path, NULL}, "No such file or directory");
    expect_failure((char *const[]){path, NULL}, "the interpreter that its first line names is not");
    unlink(path);
}
END_TEST

static int open_descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    }
    return count;
}

/* Enough descriptors for the host to begin, too few for the child to sort its own: at whatever
   number they end, the reason is told and nothing stays open. */
START_TEST(too_few_descriptors)
{
    struct rlimit before;
    getrlimit(RLIMIT_NOFILE, &before);
    int open_before = open_descriptors();
    int told = 0;
    for (int more = 9; more < 16; more++) {
        struct rlimit tight = {(rlim_t)(open_before + more), before.rlim_max};
        struct error error = {0};
        setrlimit(RLIMIT_NOFILE, &tight);
        int status = launch_program(&launch, (char *const[]){"/bin/true", NULL}, &error);
        setrlimit(RLIMIT_NOFILE, &before);
        if (status != STATUS_OK) {
            ck_assert_msg(strstr(error_text(&error), "Too many open files") != NULL ||
                              strstr(error_text(&error), "Invalid argument") != NULL,
                          "%s", error_text(&error));
            told++;
        }
        error_clear(&error);
        launch_finish(&launch);
        ck_assert(!launch_children());
        ck_assert_int_eq(open_descriptors(), open_before);
    }
    ck_assert_int_gt(told, 0);
}
END_TEST

/* Root is above the limit: in a child that is nobody, whose launcher then can't fork. */
START_TEST(too_many_processes)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit none = {0, 0};
        struct error error = {0};
        bool limited = (getuid() != 0 || setuid(65534) == 0) && setrlimit(RLIMIT_NPROC, &none) == 0;
        int status = launch_program(&launch, (char *const[]){"/bin/true", NULL}, &error);
        bool told = strstr(error_text(&error), "raise the limit (ulimit -u") != NULL;
        _exit(limited && status == STATUS_ESYSTEM && told ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}
END_TEST

TCase *launch_failure_case(void);
TCase *launch_failure_case(void)
{
    TCase *test = tcase_create("launch_failure");
    tcase_add_test(test, a_program_that_is_not_there);
    tcase_add_test(test, a_file_that_no_kernel_can_run);
    tcase_add_test(test, an_interpreter_that_is_not_there);
    tcase_add_test(test, too_few_descriptors);
    tcase_add_test(test, too_many_processes);
    return test;
}
