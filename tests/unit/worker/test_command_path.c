#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command_path.h"
#include "suite.h"

static char folder[32];
static char program[64];
static char plain[64];

static void make(char *path, const char *name, mode_t mode)
{
    snprintf(path, 64, "%s/%s", folder, name);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, mode);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void setup(void)
{
    strcpy(folder, "/tmp/coyote-path-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    make(program, "program", 0755);
    make(plain, "plain", 0644);
}

static void teardown(void)
{
    unlink(program);
    unlink(plain);
    rmdir(folder);
}

/* The file that `name` means where PATH is `path`; NULL: not set. */
static void expect(const char *name, const char *path, const char *wanted)
{
    char line[256];
    snprintf(line, sizeof line, "PATH=%s", path == NULL ? "" : path);
    char *environment[] = {"PATHS=/wrong", path == NULL ? NULL : line, NULL};
    char *found = NULL;
    struct error error = {0};
    int status = command_path_find(name, environment, &found, &error);
    if (status != STATUS_OK) {
        ck_assert_int_eq(status, STATUS_EWORKER);
        ck_assert_int_eq(error.status, status);
        ck_assert_msg(strstr(error_text(&error), wanted) != NULL, "%s", error_text(&error));
    } else {
        ck_assert_str_eq(found, wanted);
    }
    error_clear(&error);
    free(found);
}

START_TEST(a_word_with_a_slash_is_the_file)
{
    expect(program, "/nowhere", program);
    expect(plain, NULL, "not executable");
    expect(folder, NULL, "not a file");
    expect("./nowhere/x", NULL, "No such file or directory");
}
END_TEST

START_TEST(a_bare_word_is_looked_for_in_the_workers_path)
{
    char path[128];
    snprintf(path, sizeof path, "/nowhere:%s:/bin", folder);
    expect("program", path, program);
    expect("plain", path, "in PATH (/nowhere:");
    expect("program", "/nowhere", "in PATH (/nowhere)");
    expect("program", "", "in PATH ()");
    expect("", path, "No such file or directory");
}
END_TEST

START_TEST(an_empty_place_is_the_working_folder)
{
    char *before = getcwd(NULL, 0);
    ck_assert_int_eq(chdir(folder), 0);
    expect("program", ":/bin", "./program");
    expect("program", "/nowhere::/bin", "./program");
    expect("program", "/nowhere:", "./program");
    ck_assert_int_eq(chdir(before), 0);
    free(before);
}
END_TEST

START_TEST(without_a_path_the_usual_places)
{
    expect("program", NULL, "/usr/local/bin:/usr/bin:/bin");
}
END_TEST

TCase *command_path_case(void);
TCase *command_path_case(void)
{
    TCase *test = tcase_create("command_path");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_word_with_a_slash_is_the_file);
    tcase_add_test(test, a_bare_word_is_looked_for_in_the_workers_path);
    tcase_add_test(test, an_empty_place_is_the_working_folder);
    tcase_add_test(test, without_a_path_the_usual_places);
    return test;
}
