#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "listening_socket.h"
#include "suite.h"

static char folder[] = "/tmp/coyote-listen-XXXXXX";
static char path[64];
static struct relay_address address;
static struct listening_socket listening;
static struct error error;

static void setup(void)
{
    char text[96];
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/app.sock", folder);
    snprintf(text, sizeof text, "unix://%s", path);
    ck_assert_int_eq(relay_address_parse(text, &address, NULL), 0);
    listening.fd = -1;
}

static void teardown(void)
{
    listening_socket_close(&listening);
    unlink(path);
    rmdir(folder);
    error_clear(&error);
}

static void expect_open(void)
{
    int status = listening_socket_open(&listening, &address, &error);
    ck_assert_msg(status == STATUS_OK, "%s", error_text(&error));
}

static void expect_refusal(const char *words)
{
    struct listening_socket other;
    ck_assert_int_lt(listening_socket_open(&other, &address, &error), 0);
    ck_assert_msg(strstr(error_text(&error), words) != NULL, "%s", error_text(&error));
    ck_assert_int_eq(other.fd, -1);
}

static bool connects(void)
{
    int fd = socket(address.socket.any.sa_family, SOCK_STREAM, 0);
    bool connected = connect(fd, &address.socket.any, address.size) == 0;
    close(fd);
    return connected;
}

static const mode_t masks[] = {0, 022, 0777};

START_TEST(its_file_is_the_owners_alone_and_goes_with_it)
{
    struct stat file;
    mode_t before = umask(masks[_i]);
    expect_open();
    ck_assert_int_eq(umask(before), masks[_i]);
    ck_assert_int_eq(lstat(path, &file), 0);
    ck_assert(S_ISSOCK(file.st_mode));
    ck_assert_int_eq(file.st_mode & ACCESSPERMS, 0600);
    ck_assert(connects());
    ck_assert_int_ne(fcntl(listening.fd, F_GETFD) & FD_CLOEXEC, 0);
    listening_socket_remove(&listening);
    ck_assert_int_eq(lstat(path, &file), -1);
    listening_socket_remove(&listening);
}
END_TEST

START_TEST(what_a_killed_server_left_behind_is_replaced)
{
    expect_open();
    listening_socket_close(&listening); /* and the file stays, as after SIGKILL */
    ck_assert(!connects());
    expect_open();
    ck_assert(connects());
}
END_TEST

START_TEST(a_live_socket_is_not_touched)
{
    expect_open();
    expect_refusal("somebody listens on");
    ck_assert(connects());
    /* one that is so busy that nobody more can connect */
    int fds[64];
    listen(listening.fd, 0);
    for (int i = 0; i < 64; i++) {
        fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(fds[i], &address.socket.any, address.size);
    }
    expect_refusal("somebody listens on");
    for (int i = 0; i < 64; i++) {
        close(fds[i]);
    }
}
END_TEST

static void make_file(void)
{
    close(open(path, O_WRONLY | O_CREAT, 0600));
}

static void make_link(void)
{
    ck_assert_int_eq(symlink("/nowhere", path), 0);
}

static void make_pipe(void)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static void (*const makers[])(void) = {make_file, make_link, make_pipe};

START_TEST(a_file_that_is_no_socket_is_not_touched)
{
    struct stat before;
    struct stat after;
    makers[_i]();
    ck_assert_int_eq(lstat(path, &before), 0);
    expect_refusal("is there and is no socket");
    ck_assert_int_eq(lstat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
}
END_TEST

START_TEST(somebody_elses_file_is_not_removed)
{
    struct stat file;
    expect_open();
    ck_assert_int_eq(unlink(path), 0);
    make_file();
    listening_socket_remove(&listening);
    ck_assert_int_eq(lstat(path, &file), 0);
}
END_TEST

enum { OTHER = 60001 };

/* Root can give it away; whoever else is told that it can't, and keeps it. */
START_TEST(another_users_file)
{
    struct stat file;
    expect_open();
    ck_assert_int_eq(listening_socket_give(&listening, geteuid(), &error), STATUS_OK);
    int status = listening_socket_give(&listening, OTHER, &error);
    ck_assert_int_eq(lstat(path, &file), 0);
    ck_assert_int_eq(file.st_mode & ACCESSPERMS, 0600);
    if (geteuid() == 0) {
        ck_assert_int_eq(status, STATUS_OK);
        ck_assert_uint_eq(file.st_uid, OTHER);
        ck_assert(connects());
    } else {
        ck_assert_int_eq(status, STATUS_ESYSTEM);
        ck_assert_ptr_nonnull(
            strstr(error_text(&error), "to the user 60001, which takes root or CAP_CHOWN: Op"));
        ck_assert_uint_eq(file.st_uid, geteuid());
    }
    listening_socket_remove(&listening);
    ck_assert_int_eq(lstat(path, &file), -1);
}
END_TEST

/* Who may write in the folder may put something else there, to become its owner. */
START_TEST(what_somebody_put_in_its_place_is_not_given_away)
{
    struct stat file;
    expect_open();
    ck_assert_int_eq(unlink(path), 0);
    makers[_i]();
    ck_assert_int_eq(listening_socket_give(&listening, OTHER, &error), STATUS_ESYSTEM);
    ck_assert_int_eq(lstat(path, &file), 0);
    ck_assert_uint_eq(file.st_uid, geteuid());
}
END_TEST

START_TEST(a_folder_that_is_not_there)
{
    ck_assert_int_eq(relay_address_parse("unix:///nowhere/a.sock", &address, NULL), 0);
    expect_refusal("listening on unix:///nowhere/a.sock: No such file or directory");
}
END_TEST

START_TEST(a_free_port_is_found_and_told_and_then_it_is_taken)
{
    const char *hosts[] = {"tcp://127.0.0.1:0", "tcp://[::1]:0"};
    ck_assert_int_eq(relay_address_parse(hosts[_i], &address, NULL), 0);
    expect_open();
    address = listening.address;
    ck_assert_int_ne(_i == 0 ? address.socket.ipv4.sin_port : address.socket.ipv6.sin6_port, 0);
    ck_assert(connects());
    expect_refusal("Address already in use");
    listening_socket_close(&listening);
    expect_open(); /* at once, although a connection has just ended */
}
END_TEST

START_TEST(an_address_that_is_not_this_machines)
{
    ck_assert_int_eq(relay_address_parse("tcp://192.0.2.1:6001", &address, NULL), 0);
    expect_refusal("listening on tcp://192.0.2.1:6001: Cannot assign requested address");
}
END_TEST

TCase *listening_socket_case(void);
TCase *listening_socket_case(void)
{
    TCase *test = tcase_create("listening_socket");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_loop_test(test, its_file_is_the_owners_alone_and_goes_with_it, 0, 3);
    tcase_add_test(test, what_a_killed_server_left_behind_is_replaced);
    tcase_add_test(test, a_live_socket_is_not_touched);
    tcase_add_loop_test(test, a_file_that_is_no_socket_is_not_touched, 0, 3);
    tcase_add_test(test, somebody_elses_file_is_not_removed);
    tcase_add_test(test, another_users_file);
    tcase_add_loop_test(test, what_somebody_put_in_its_place_is_not_given_away, 0, 3);
    tcase_add_test(test, a_folder_that_is_not_there);
    tcase_add_loop_test(test, a_free_port_is_found_and_told_and_then_it_is_taken, 0, 2);
    tcase_add_test(test, an_address_that_is_not_this_machines);
    return test;
}
