/* A handler of a signal that frees, or uses, what the interrupted call waits for. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "abi_fixture.h"

static coy_pool *pool;
static coy_server *server;
static coy_source *source;
static coy_relay *relay;
static void (*act)(void);

static void on_alarm(int number)
{
    (void)number;
    act();
}

static void arm(void (*what)(void))
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval soon = {.it_value = {0, 50000}};
    act = what;
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
}

static void free_pool(void)
{
    coy_pool_free(pool);
    ck_assert_int_eq(coy_pool_fd(pool), COY_EHANDLE);
}

static void use_and_free_pool(void)
{
    ck_assert_ptr_null(coy_pool_next(pool, 0));
    expect_error(COY_ETIMEOUT, "");
    coy_reply_free(coy_pool_exec(pool, NULL, 0, "x", 1, 10));
    free_pool();
}

/* _i: how deep. */
static void (*const freeing[])(void) = {free_pool, use_and_free_pool};
enum { FREEING = sizeof freeing / sizeof *freeing };

START_TEST(a_pool_that_is_waited_for)
{
    pool = started_pool();
    submit_body(pool, "sleep 60000");
    arm(freeing[_i]);
    ck_assert_ptr_null(coy_pool_next(pool, -1));
    expect_error(COY_EINTERRUPTED, "");
    ck_assert_int_eq(coy_pool_stat(pool, "ok"), COY_EHANDLE);
}
END_TEST

START_TEST(a_pool_amid_an_exec)
{
    pool = started_pool();
    arm(freeing[_i]);
    ck_assert_ptr_null(coy_pool_exec(pool, NULL, 0, "sleep 60000", 11, -1));
    expect_error(COY_EINTERRUPTED, "");
    coy_pool_free(pool);
}
END_TEST

START_TEST(a_pool_amid_its_start_and_its_stop)
{
    pool = coy_pool_new(PHP " " FIXTURES "/workers/silent.php");
    arm(free_pool);
    ck_assert_int_eq(coy_pool_start(pool, -1), COY_EINTERRUPTED);
    pool = started_pool();
    submit_body(pool, "sleep 60000");
    arm(free_pool);
    ck_assert_int_eq(coy_pool_stop(pool, -1), COY_EINTERRUPTED);
}
END_TEST

static void free_server(void)
{
    coy_server_free(server);
    ck_assert_int_eq(coy_server_fd(server), COY_EHANDLE);
}

static void serve(void)
{
    char text[300];
    coy_config *config = coy_config_new();
    int size = snprintf(text, sizeof text,
                        "orders: {workers: {command: '%s', pool.num_workers: 1}}", obedient);
    ck_assert_int_eq(coy_config_read_text(config, "test", text, (size_t)size), COY_OK);
    server = coy_server_new(config);
    source = coy_server_register(server, "orders");
    while (coy_source_room(source) == 0) {
        ck_assert_int_eq(coy_server_step(server, 1000), 1);
    }
}

START_TEST(a_server_that_is_stepped)
{
    serve();
    arm(free_server);
    int status = 1;
    while (status == 1) {
        status = coy_server_step(server, 60000);
    }
    ck_assert_int_eq(status, COY_EINTERRUPTED);
    ck_assert_int_eq(coy_source_room(source), COY_EHANDLE);
}
END_TEST

START_TEST(a_server_whose_outcome_is_waited_for)
{
    serve();
    ck_assert_int_eq(coy_source_push(source, NULL, 0, "sleep 60000", 11), 1);
    arm(free_server);
    ck_assert_ptr_null(coy_source_next_settled(source, -1));
    expect_error(COY_EINTERRUPTED, "");
    ck_assert_int_eq(coy_source_room(source), COY_EHANDLE);
}
END_TEST

static void free_relay(void)
{
    coy_relay_free(relay);
}

START_TEST(a_relay_that_waits)
{
    char address[50];
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    snprintf(address, sizeof address, "pipes://fd/%d:fd/%d", ends[0], ends[1]);
    relay = coy_relay_attach(address);
    ck_assert_ptr_nonnull(relay);
    arm(free_relay);
    ck_assert_int_eq(coy_relay_receive(relay, -1), COY_EINTERRUPTED);
    ck_assert_int_eq(coy_relay_fd(relay), COY_EHANDLE);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

TCase *free_inside_case(void);
TCase *free_inside_case(void)
{
    TCase *test = tcase_create("free_inside");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, a_pool_that_is_waited_for, 0, FREEING);
    tcase_add_loop_test(test, a_pool_amid_an_exec, 0, FREEING);
    tcase_add_test(test, a_pool_amid_its_start_and_its_stop);
    tcase_add_test(test, a_server_that_is_stepped);
    tcase_add_test(test, a_server_whose_outcome_is_waited_for);
    tcase_add_test(test, a_relay_that_waits);
    return test;
}
