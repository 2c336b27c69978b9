/* What the log and the stats say of a death, for each of its causes, with real workers. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool_world.h"

static struct pool_world world;
static struct job job;
static json_t *deaths;     /* of the log */
static const json_t *line; /* the first of them */
static struct executor_stats stats;
static struct executor_deaths known;

static void setup(void)
{
    fixture_setup();
    settings.num_workers = 1;
    settings.destroy_timeout = 300;
    deaths = NULL;
}

static void teardown(void)
{
    json_decref(deaths);
    pool_world_close(&world);
    fixture_teardown();
}

static void submit(const char *body)
{
    job = (struct job){.id = 17, .payload = {bytes_of_text("ctx"), bytes_of_text(body)}};
    executor_submit(world.executor, &job);
}

static void read_first_death(void)
{
    pool_world_step_until_died(&world, 1);
    executor_read_stats(world.executor, &stats);
    executor_read_deaths(world.executor, &known);
    json_decref(deaths);
    deaths = pool_world_deaths(&world);
    line = json_array_get(deaths, 0);
}

static const char *text_of(const char *name)
{
    const char *text = json_string_value(json_object_get(line, name));
    return text == NULL ? "(none)" : text;
}

static json_int_t integer_of(const char *name)
{
    const json_t *integer = json_object_get(line, name);
    return json_is_integer(integer) ? json_integer_value(integer) : -1;
}

static bool has(const char *name)
{
    return json_object_get(line, name) != NULL;
}

/* One line, and one entry that says the same. */
static void expect_death(enum death_cause cause, const char *level)
{
    read_first_death();
    const struct executor_death *last = &known.last[known.count - 1];
    ck_assert_uint_eq(json_array_size(deaths), stats.workers_died);
    ck_assert_str_eq(text_of("cause"), death_cause_name(cause));
    ck_assert_str_eq(text_of("level"), level);
    ck_assert_str_eq(text_of("service"), "test");
    ck_assert_uint_ge(stats.deaths[cause], 1);
    ck_assert_int_eq(last->cause, cause);
    ck_assert_int_eq(integer_of("pid"), last->pid);
    ck_assert_int_eq(integer_of("age_ms"), last->age);
    ck_assert_int_eq(integer_of("jobs_done"), (json_int_t)last->jobs_done);
    ck_assert_int_eq(last->signal, has("signal") ? integer_of("signal") : 0);
    ck_assert_int_eq(last->exit_status, integer_of("exit_status"));
    ck_assert_int_eq(last->had_job, has("payload_id"));
    ck_assert_int_gt(last->time, 0);
    ck_assert_int_eq(strncmp(last->text, text_of("text"), strlen(last->text)), 0);
    ck_assert_uint_gt(strlen(last->text), 20);
    ck_assert_str_eq(json_object_get(line, "oom_killed") == json_false() ? "false" : "true",
                     cause == DEATH_OOM ? "true" : "false");
}

static void expect_job(json_int_t id, const char *head)
{
    ck_assert_int_eq(integer_of("payload_id"), id);
    ck_assert_int_eq(integer_of("payload_size"), (json_int_t)payload_size(&job.payload));
    ck_assert_str_eq(text_of("payload_head"), head);
    ck_assert_int_eq(known.last[known.count - 1].job_id, id);
    ck_assert_uint_eq(known.last[known.count - 1].job_size, payload_size(&job.payload));
}

static void expect_outcome(enum outcome outcome)
{
    pool_world_step_until_ended(&world, 1);
    ck_assert_str_eq(outcome_name(world.outcome), outcome_name(outcome));
    ck_assert_ptr_eq(world.last, &job);
}

static void run(const char *body, enum outcome outcome)
{
    pool_world_open(&world);
    submit(body);
    expect_outcome(outcome);
}

START_TEST(an_exit)
{
    run("exit 3", OUTCOME_CRASHED);
    expect_death(DEATH_EXIT, "error");
    expect_job(17, "exit 3");
    ck_assert_int_eq(integer_of("exit_status"), 3);
    ck_assert(!has("signal") && !has("core_dumped") && !has("payload_key"));
    ck_assert_str_eq(text_of("last_output"), "leaving with 3");
    ck_assert_int_eq(integer_of("jobs_done"), 0);
    ck_assert_int_gt(integer_of("peak_memory_bytes"), 1024 * 1024);
    ck_assert_str_eq(text_of("text"), world.message); /* what the submitter is told */
}
END_TEST

START_TEST(an_uncaught_exception)
{
    run("fatal all is lost", OUTCOME_CRASHED);
    expect_death(DEATH_EXIT, "error");
    expect_job(17, "fatal all is lost");
    ck_assert_int_eq(integer_of("exit_status"), 255);
    ck_assert_ptr_nonnull(strstr(text_of("last_output"), "Uncaught RuntimeException: all is lost"));
}
END_TEST

/* Whether the kernel writes a core here, into this folder and with this limit. */
static bool core_is_dumped(void)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", "kill -SEGV $$", (char *)NULL);
        _exit(1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
    return WCOREDUMP(status);
}

/* _i: 0 without a core, 1 with one where this machine allows it. */
START_TEST(a_fault)
{
    struct rlimit limit;
    char folder[] = "/tmp/coyote-core-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(getrlimit(RLIMIT_CORE, &limit), 0);
    limit.rlim_cur = _i == 0 ? 0 : limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_CORE, &limit), 0);
    bool dumped = core_is_dumped();
    run("segv", OUTCOME_CRASHED);
    expect_death(DEATH_SIGNAL, "error");
    expect_job(17, "segv");
    ck_assert_int_eq(integer_of("signal"), SIGSEGV);
    ck_assert_str_eq(text_of("signal_name"), "Segmentation fault");
    ck_assert(!has("exit_status"));
    ck_assert_int_eq(json_object_get(line, "core_dumped") == json_true(), dumped);
    ck_assert_int_eq(strstr(text_of("text"), ", core dumped") != NULL, dumped);
    char remove[80];
    snprintf(remove, sizeof remove, "rm -rf %s", folder);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(system(remove), 0);
}
END_TEST

START_TEST(a_kill_from_outside)
{
    run("pid", OUTCOME_OK);
    submit("sleep 60000");
    kill(world.pid, SIGKILL);
    pool_world_step_until_ended(&world, 2);
    expect_death(DEATH_SIGNAL, "error");
    expect_job(17, "sleep 60000");
    ck_assert_int_eq(integer_of("signal"), SIGKILL);
    ck_assert_int_eq(integer_of("pid"), world.pid);
    ck_assert_int_eq(integer_of("jobs_done"), 1);
}
END_TEST

START_TEST(a_kill_of_one_without_a_job)
{
    run("pid", OUTCOME_OK);
    kill(world.pid, SIGKILL);
    expect_death(DEATH_SIGNAL, "error");
    ck_assert(!has("payload_id") && !has("payload_head"));
    ck_assert_ptr_null(strstr(text_of("text"), "it had job"));
}
END_TEST

START_TEST(a_job_beyond_exec_ttl)
{
    settings.exec_ttl = 300;
    run("sleep 60000", OUTCOME_TIMED_OUT);
    struct job told = job;
    memset(&job, 0xee, sizeof job); /* it is the submitter's again */
    pool_world_step_until_died(&world, 1);
    job = told;
    expect_death(DEATH_EXEC_TTL, "error");
    expect_job(17, "sleep 60000");
    ck_assert_int_eq(integer_of("signal"), SIGKILL);
    ck_assert_int_eq(integer_of("jobs_done"), 0);
}
END_TEST

/* Neither it, for it was not begun, nor the one behind it. */
START_TEST(a_job_beyond_exec_ttl_that_was_not_sent)
{
    static char large[4 * 1024 * 1024];
    settings.exec_ttl = 300;
    settings.prefetch = 2;
    run("pid", OUTCOME_OK);
    kill(world.pid, SIGSTOP);
    struct job jobs[2] = {{.id = 1, .payload.body = {large, sizeof large}},
                          {.id = 2, .payload.body = bytes_of_text("behind it")}};
    executor_submit(world.executor, &jobs[0]);
    executor_submit(world.executor, &jobs[1]);
    pool_world_step_until_ended(&world, 3);
    expect_death(DEATH_EXEC_TTL, "error");
    ck_assert(!has("payload_id"));
    ck_assert_int_eq(integer_of("jobs_done"), 1);
    ck_assert_uint_eq(stats.given_back, 1);
}
END_TEST

START_TEST(a_stop_beyond_destroy_timeout)
{
    run("pid", OUTCOME_OK);
    submit("sleep 60000");
    pool_world_stop(&world);
    expect_death(DEATH_DESTROY_TIMEOUT, "error");
    expect_job(17, "sleep 60000");
}
END_TEST

START_TEST(a_relay_that_is_closed)
{
    run("close", OUTCOME_CRASHED);
    expect_death(DEATH_CLOSED, "error");
    expect_job(17, "close");
}
END_TEST

START_TEST(nonsense_on_the_relay)
{
    run("garbage this is no frame at all", OUTCOME_CRASHED);
    expect_death(DEATH_PROTOCOL, "error");
    expect_job(17, "garbage this is no frame at all");
    ck_assert_ptr_nonnull(strstr(text_of("protocol_error"), "this is no"));
}
END_TEST

START_TEST(no_handshake_in_time)
{
    use_script("silent.php");
    settings.allocate_timeout = 300;
    pool_world_open(&world);
    ck_assert(world.failed);
    expect_death(DEATH_BOOT_TIMEOUT, "debug"); /* the pool's failure says it at error */
    ck_assert(!has("payload_id"));
}
END_TEST

START_TEST(a_death_before_the_handshake)
{
    use_script("dies_at_boot.php");
    pool_world_open(&world);
    ck_assert(world.failed);
    expect_death(DEATH_BOOT, "debug");
    ck_assert_ptr_nonnull(strstr(text_of("last_output"), "the database is away"));
}
END_TEST

START_TEST(an_end_that_was_wished)
{
    settings.max_jobs = 1;
    settings.destroy_timeout = 20000;
    run("hello", OUTCOME_OK);
    expect_death(DEATH_EXPECTED, "debug");
    ck_assert_int_eq(integer_of("exit_status"), 0);
    ck_assert_int_eq(integer_of("jobs_done"), 1);
    ck_assert(!has("payload_id"));
}
END_TEST

START_TEST(a_stop_at_once)
{
    run("pid", OUTCOME_OK);
    submit("sleep 60000");
    executor_stop_now(world.executor);
    pool_world_step_until_ended(&world, 2);
    expect_death(DEATH_KILLED, "error");
    expect_job(17, "sleep 60000");
}
END_TEST

START_TEST(binary_in_key_and_body)
{
    static const char body[] = "kill \0\x1b\xff";
    pool_world_open(&world);
    job = (struct job){.id = 5, .payload.body = {body, sizeof body - 1}, .key = "k\0\xfe"};
    job.key_size = 3;
    executor_submit(world.executor, &job);
    expect_outcome(OUTCOME_CRASHED);
    expect_death(DEATH_SIGNAL, "error");
    expect_job(5, "kill \\x00\\x1b\\xff");
    ck_assert_str_eq(text_of("payload_key"), "k\\x00\\xfe");
    ck_assert_ptr_nonnull(strstr(text_of("text"), "it had job 5 (key \"k\\x00\\xfe\", 8 bytes)"));
}
END_TEST

START_TEST(a_body_of_60_MiB)
{
    size_t size = (size_t)60 * 1024 * 1024;
    char *body = malloc(size);
    ck_assert_ptr_nonnull(body);
    memset(body, '7', size);
    memcpy(body, "exit ", 5);
    pool_world_open(&world);
    job = (struct job){.id = 6, .payload.body = {body, size}};
    executor_submit(world.executor, &job);
    expect_outcome(OUTCOME_CRASHED);
    expect_death(DEATH_EXIT, "error");
    ck_assert_int_eq(integer_of("payload_size"), (json_int_t)size);
    ck_assert_uint_eq(strlen(text_of("payload_head")), 64);
    ck_assert_int_eq(strncmp(text_of("payload_head"), "exit 777", 8), 0);
    free(body);
}
END_TEST

START_TEST(without_a_body_the_context_is_told)
{
    run("pid", OUTCOME_OK);
    kill(world.pid, SIGSTOP);
    job = (struct job){.id = 7, .payload.context = bytes_of_text("the context")};
    executor_submit(world.executor, &job);
    kill(world.pid, SIGKILL);
    expect_death(DEATH_SIGNAL, "error");
    expect_job(7, "the context");
}
END_TEST

START_TEST(the_last_deaths_are_kept)
{
    pool_world_open(&world);
    for (size_t i = 0; i < EXECUTOR_DEATHS_KEPT + 3; i++) {
        submit("exit 1");
        pool_world_step_until_ended(&world, i + 1);
    }
    pool_world_step_until_died(&world, EXECUTOR_DEATHS_KEPT + 3);
    executor_read_stats(world.executor, &stats);
    executor_read_deaths(world.executor, &known);
    ck_assert_uint_eq(known.count, EXECUTOR_DEATHS_KEPT);
    ck_assert_uint_eq(stats.deaths[DEATH_EXIT], EXECUTOR_DEATHS_KEPT + 3);
    ck_assert_int_eq(known.last[0].pid, world.pid);
    for (size_t i = 1; i < EXECUTOR_DEATHS_KEPT; i++) {
        ck_assert_int_ge(known.last[i - 1].time, known.last[i].time);
        ck_assert_int_ne(known.last[i - 1].pid, known.last[i].pid);
    }
}
END_TEST

TCase *death_line_case(void);
TCase *death_line_case(void)
{
    TCase *test = tcase_create("death line");
    tcase_set_timeout(test, 90);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, an_exit);
    tcase_add_test(test, an_uncaught_exception);
    tcase_add_loop_test(test, a_fault, 0, 2);
    tcase_add_test(test, a_kill_from_outside);
    tcase_add_test(test, a_kill_of_one_without_a_job);
    tcase_add_test(test, a_job_beyond_exec_ttl);
    tcase_add_test(test, a_job_beyond_exec_ttl_that_was_not_sent);
    tcase_add_test(test, a_stop_beyond_destroy_timeout);
    tcase_add_test(test, a_relay_that_is_closed);
    tcase_add_test(test, nonsense_on_the_relay);
    tcase_add_test(test, no_handshake_in_time);
    tcase_add_test(test, a_death_before_the_handshake);
    tcase_add_test(test, an_end_that_was_wished);
    tcase_add_test(test, a_stop_at_once);
    tcase_add_test(test, binary_in_key_and_body);
    tcase_add_test(test, a_body_of_60_MiB);
    tcase_add_test(test, without_a_body_the_context_is_told);
    tcase_add_test(test, the_last_deaths_are_kept);
    return test;
}
