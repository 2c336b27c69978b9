/* Who is meant by a text, and whether this process may have workers of that user. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"
#include "worker/worker_user.h"

static struct worker_user *user;
static struct error error;

static void teardown(void)
{
    worker_user_free(user);
    user = NULL;
    error_clear(&error);
}

static void expect_found(const char *text, uid_t uid, gid_t gid)
{
    worker_user_free(user);
    int status = worker_user_find(text, &user, &error);
    ck_assert_msg(status == STATUS_OK, "%s: %s", text, error_text(&error));
    ck_assert_str_eq(user->name, text);
    ck_assert_uint_eq(user->uid, uid);
    ck_assert_uint_eq(user->gid, gid);
}

static bool is_in_group(gid_t gid)
{
    for (size_t i = 0; i < user->group_count; i++) {
        if (user->groups[i] == gid) {
            return true;
        }
    }
    return false;
}

/* A uid that the system has no user for. */
static uid_t free_uid(void)
{
    uid_t uid = 3000000;
    while (getpwuid(uid) != NULL) {
        uid++;
    }
    return uid;
}

START_TEST(a_user_of_the_system_by_name_and_by_number)
{
    const struct passwd *entry = getpwnam("nobody");
    ck_assert_ptr_nonnull(entry);
    uid_t uid = entry->pw_uid;
    gid_t gid = entry->pw_gid;
    char number[24];
    expect_found("nobody", uid, gid);
    ck_assert(is_in_group(gid));
    snprintf(number, sizeof number, "%u", (unsigned)uid);
    expect_found(number, uid, gid);
    ck_assert(is_in_group(gid));
    expect_found("root", 0, 0);
}
END_TEST

START_TEST(another_group_in_place_of_its_own)
{
    char text[64];
    const struct group *entry = getgrnam("daemon");
    ck_assert_ptr_nonnull(entry);
    gid_t gid = entry->gr_gid;
    uid_t uid = getpwnam("nobody")->pw_uid;
    expect_found("nobody:daemon", uid, gid);
    ck_assert(is_in_group(gid));
    snprintf(text, sizeof text, "nobody:%u", (unsigned)gid);
    expect_found(text, uid, gid);
    snprintf(text, sizeof text, "%u:daemon", (unsigned)uid);
    expect_found(text, uid, gid);
}
END_TEST

/* Asked of the program that people would ask. */
START_TEST(the_supplementary_groups_are_those_that_the_system_tells)
{
    for (struct passwd *entry = getpwent(); entry != NULL; entry = getpwent()) {
        char command[128];
        unsigned gid = 0;
        size_t told = 0;
        snprintf(command, sizeof command, "id -G %s", entry->pw_name);
        expect_found(entry->pw_name, entry->pw_uid, entry->pw_gid);
        FILE *file = popen(command, "r");
        while (fscanf(file, "%u", &gid) == 1) {
            ck_assert_msg(is_in_group(gid), "%s: %u", entry->pw_name, gid);
            told++;
        }
        ck_assert_int_eq(pclose(file), 0);
        ck_assert_uint_eq(told, user->group_count);
    }
    endpwent();
}
END_TEST

START_TEST(a_number_without_a_user)
{
    char text[64];
    uid_t uid = free_uid();
    snprintf(text, sizeof text, "%u:%u", (unsigned)uid, (unsigned)uid);
    expect_found(text, uid, uid);
    ck_assert_uint_eq(user->group_count, 0);
    snprintf(text, sizeof text, "%u", (unsigned)uid);
    ck_assert_int_eq(worker_user_find(text, &user, &error), STATUS_ECONFIG);
    snprintf(text, sizeof text, "write \"%u:gid\"", (unsigned)uid);
    ck_assert_msg(strstr(error_text(&error), text) != NULL, "%s", error_text(&error));
}
END_TEST

static const struct {
    const char *text;
    const char *words;
} mistakes[] = {
    {"", "\"\" names no user: write \"name\", \"name:group\", \"uid\" or \"uid:gid\""},
    {":", "\":\" names no user"},
    {":root", "\":root\" names no user"},
    {"root:", "\"root:\" names no user"},
    {"wwwdata", "there is no user \"wwwdata\""},
    {"root ", "there is no user \"root \""},
    {"root:wheels", "there is no group \"wheels\""},
    {"root:root:root", "there is no group \"root:root\""},
    {"-1", "there is no user \"-1\""},
    {"0x0", "there is no user \"0x0\""},
    {"4294967295:0", "there is no user \"4294967295\""}, /* the kernel's "leave it as it is" */
    {"4294967296:0", "there is no user \"4294967296\""}, /* would be root's, were it cut off */
    {"99999999999999999999:0", "there is no user \"99999999999999999999\""},
    {"0:4294967295", "there is no group \"4294967295\""},
};

START_TEST(whom_there_is_not)
{
    struct worker_user *none = NULL;
    ck_assert_int_eq(worker_user_find(mistakes[_i].text, &none, &error), STATUS_ECONFIG);
    ck_assert_ptr_null(none);
    ck_assert_msg(strncmp(error_text(&error), mistakes[_i].words, strlen(mistakes[_i].words)) == 0,
                  "%s", error_text(&error));
}
END_TEST

START_TEST(who_one_is_already_one_may_be)
{
    char text[64];
    snprintf(text, sizeof text, "%u:%u", (unsigned)geteuid(), (unsigned)getegid());
    expect_found(text, geteuid(), getegid());
    ck_assert(worker_user_is_own(user));
    ck_assert_int_eq(worker_user_check(user, &error), STATUS_OK);
    snprintf(text, sizeof text, "%u:%u", (unsigned)geteuid(), (unsigned)getegid() + 1);
    expect_found(text, geteuid(), getegid() + 1);
    ck_assert(!worker_user_is_own(user));
}
END_TEST

/* Nobody's uid and none of root's rights: 0 if that is how it ends. */
static int as_nobody(void)
{
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)) {
        return 2;
    }
    return worker_user_check(user, &error) == STATUS_ECONFIG &&
                   strstr(error_text(&error), "to run workers as root needs root, or the") !=
                       NULL &&
                   strstr(error_text(&error), "remove workers.user") != NULL
               ? 0
               : 1;
}

/* As in a container that takes capabilities from its root. */
static int as_root_without_kill(void)
{
    enum { KILL = 5 };
    struct {
        unsigned version;
        int pid;
    } header = {0x20080522, 0};
    struct {
        unsigned effective;
        unsigned permitted;
        unsigned inheritable;
    } data[2];
    if (syscall(SYS_capget, &header, data) != 0) {
        return 2;
    }
    data[0].effective &= ~(1U << KILL);
    if (syscall(SYS_capset, &header, data) != 0) {
        return 3;
    }
    return worker_user_check(user, &error) == STATUS_ECONFIG &&
                   strstr(error_text(&error), "root needs the capability CAP_KILL") != NULL
               ? 0
               : 1;
}

static void in_a_child(int (*does)(void))
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        _exit(does());
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}

START_TEST(who_may_have_workers_of_others)
{
    expect_found("root", 0, 0);
    in_a_child(as_nobody);
    expect_found("nobody", getpwnam("nobody")->pw_uid, getpwnam("nobody")->pw_gid);
    if (geteuid() == 0) {
        ck_assert_int_eq(worker_user_check(user, &error), STATUS_OK);
        in_a_child(as_root_without_kill);
    } else {
        expect_found("root", 0, 0);
        ck_assert_int_eq(worker_user_check(user, &error), STATUS_ECONFIG);
    }
}
END_TEST

TCase *worker_user_case(void);
TCase *worker_user_case(void)
{
    TCase *test = tcase_create("worker_user");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, NULL, teardown);
    tcase_add_test(test, a_user_of_the_system_by_name_and_by_number);
    tcase_add_test(test, another_group_in_place_of_its_own);
    tcase_add_test(test, the_supplementary_groups_are_those_that_the_system_tells);
    tcase_add_test(test, a_number_without_a_user);
    tcase_add_loop_test(test, whom_there_is_not, 0, sizeof mistakes / sizeof *mistakes);
    tcase_add_test(test, who_one_is_already_one_may_be);
    tcase_add_test(test, who_may_have_workers_of_others);
    return test;
}
