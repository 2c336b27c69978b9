/* Configs by calls, and pools made of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi_fixture.h"

static const char text[] = "env: {SHARED: of all, BOTH: of all}\n"
                           "ticker:\n"
                           "  interval: 250ms\n"
                           "  list: [1, {two: 2}]\n"
                           "  workers:\n"
                           "    command: \"" PHP " " FIXTURES "/workers/obedient.php\"\n"
                           "    pool.num_workers: 1\n"
                           "    pool.supervisor: {exec_ttl: 400ms}\n"
                           "    env: {own: mine, BOTH: mine}\n"
                           "orders:\n"
                           "  source: redis\n"
                           "  workers:\n"
                           "    command: \"" PHP " " FIXTURES "/workers/obedient.php\"\n"
                           "    pool: {numWorkers: 1}\n"
                           "log: {level: debug}\n"
                           "broken:\n"
                           "  workers:\n"
                           "    comand: x\n"
                           "    env: {\"a=b\": 1}\n"
                           "    pool:\n"
                           "      num_workers: none\n"
                           "      allocate_timeout: 0\n";

static coy_config *config;

static void setup(void)
{
    config = coy_config_new();
    ck_assert_msg(coy_config_read_text(config, ".rr.yaml", text, sizeof text - 1) == COY_OK, "%s",
                  coy_error_message());
}

static void teardown(void)
{
    coy_config_free(config);
}

static void expect_get(const char *key, const char *value)
{
    const char *found = coy_config_get(config, key);
    ck_assert_msg(found != NULL, "nothing at %s", key);
    ck_assert_str_eq(found, value);
}

START_TEST(what_stands_there_and_where)
{
    expect_get("ticker.interval", "\"250ms\"");
    expect_get("ticker.list", "[1,{\"two\":2}]");
    expect_get("ticker.list[1].two", "2");
    expect_get("ticker.workers.pool",
               "{\"num_workers\":1,\"supervisor\":{\"exec_ttl\":\"400ms\"}}");
    ck_assert_str_eq(coy_config_position(config, "ticker.interval"), ".rr.yaml:3:13");
    ck_assert_str_eq(coy_config_position(config, "ticker.list[1].two"), ".rr.yaml:4:19");
    ck_assert_str_eq(coy_config_position(config, "ticker.nothing"), ".rr.yaml:2:1");
    ck_assert_ptr_null(coy_config_get(config, "ticker.nothing"));
    ck_assert_ptr_null(coy_config_get(config, "ticker.list[2]"));
}
END_TEST

START_TEST(what_is_set_later_wins)
{
    ck_assert_int_eq(coy_config_set(config, "ticker.interval", "1s"), COY_OK);
    ck_assert_int_eq(coy_config_set(config, "ticker.workers.env.a=b", "c=d"), COY_OK);
    ck_assert_int_eq(coy_config_set(config, "fresh.key", "[1, two]"), COY_OK);
    expect_get("ticker.interval", "\"1s\"");
    expect_get("ticker.workers.env", "{\"own\":\"mine\",\"BOTH\":\"mine\",\"a=b\":\"c=d\"}");
    expect_get("fresh", "{\"key\":[1,\"two\"]}");
    ck_assert_str_eq(coy_config_position(config, "ticker.interval"),
                     "coy_config_set(\"ticker.interval\")");
    ck_assert_int_eq(coy_config_read_text(config, "more", "ticker: {interval: 2s}", 22), COY_OK);
    expect_get("ticker.interval", "\"2s\"");
    ck_assert_str_eq(coy_config_position(config, "ticker.interval"), "more:1:20");
    ck_assert_str_eq(coy_config_position(config, "ticker.list"), ".rr.yaml:4:9");
}
END_TEST

static const struct {
    const char *text;
    const char *words;
} mistakes[] = {
    {"a: [1", "two.yaml:1:4: "},
    {"a: 1\nb: 2\na: 3\n", "two.yaml:3:1: a: given twice"}, /* it hides no other mistake */
    {"- a\n", "found a list"},
    {"a: \xff", "two.yaml:1:4: the byte 0xff is not UTF-8"},
    {"{\"a\": 1", "two.yaml:1:1: "},
};

START_TEST(a_mistake_changes_nothing)
{
    char *before = strdup(coy_config_get(config, ""));
    const char *wrong = mistakes[_i].text;
    ck_assert_int_eq(coy_config_read_text(config, "two.yaml", wrong, strlen(wrong)), COY_ECONFIG);
    expect_error(COY_ECONFIG, mistakes[_i].words);
    ck_assert_int_eq(coy_config_set(config, "ticker.interval", "[1"), COY_ECONFIG);
    expect_error(COY_ECONFIG, "coy_config_set(\"ticker.interval\"): ");
    ck_assert_int_eq(coy_config_set(config, "ticker", "{a: 1, a: 2}"), COY_ECONFIG);
    expect_get("", before);
    free(before);
}
END_TEST

START_TEST(a_file)
{
    char path[] = "/tmp/coyote-config-XXXXXX";
    char where[64];
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, "file:\n  key: 1\n", 15), 15);
    ck_assert_int_eq(coy_config_read_file(config, path), COY_OK);
    expect_get("file.key", "1");
    snprintf(where, sizeof where, "%s:2:8", path);
    ck_assert_str_eq(coy_config_position(config, "file.key"), where);
    ck_assert_int_eq(ftruncate(fd, 5 << 20), 0);
    ck_assert_int_eq(coy_config_read_file(config, path), COY_ETOOBIG);
    close(fd);
    unlink(path);
    ck_assert_int_eq(coy_config_read_file(config, path), COY_ESYSTEM);
    expect_error(COY_ESYSTEM, path);
    expect_get("file.key", "1");
}
END_TEST

START_TEST(what_was_got_lives_until_the_next_call)
{
    const char *got = coy_config_get(config, "");
    ck_assert_uint_gt(strlen(got), 100);
    ck_assert_ptr_null(coy_config_get(config, "nothing"));
    coy_config *other = coy_config_new();
    ck_assert_str_eq(coy_config_get(other, ""), "{}");
    coy_config_free(other);
}
END_TEST

/* --- pools --- */

static coy_pool *pool_of(const char *section)
{
    coy_pool *pool = coy_pool_new_from_config(config, section);
    ck_assert_msg(pool != NULL, "%s", coy_error_message());
    return pool;
}

static void expect_variable(coy_pool *pool, const char *name, const char *value)
{
    char body[64];
    snprintf(body, sizeof body, "env %s", name);
    expect_body(exec_body(pool, body), value);
}

START_TEST(a_pool_is_as_its_section_says)
{
    coy_pool *pool = pool_of("ticker");
    coy_config_free(config); /* it is not needed any more */
    config = NULL;
    ck_assert_msg(coy_pool_start(pool, 30000) == COY_OK, "%s", coy_error_message());
    expect_variable(pool, "SHARED", "of all");
    expect_variable(pool, "OWN", "mine");
    expect_variable(pool, "BOTH", "mine");
    expect_variable(pool, "RR", "true");
    expect_variable(pool, "RR_MODE", "ticker");
    expect_variable(pool, "RR_TICKER", "true");
    expect_outcome(exec_body(pool, "sleep 20000"), COY_OUTCOME_TIMED_OUT); /* exec_ttl */
    ck_assert_int_eq(coy_pool_stat(pool, "workers_started"), 2);
    coy_log_line *line;
    while ((line = coy_pool_log_next(pool)) == NULL) {
        coy_reply_free(coy_pool_next(pool, 20)); /* the worker's death is told a little later */
    }
    ck_assert_str_eq(coy_log_line_service(line), "ticker");
    coy_pool_free(pool);
}
END_TEST

START_TEST(a_section_that_names_its_source)
{
    coy_pool *pool = pool_of("orders");
    ck_assert_int_eq(coy_pool_start(pool, 30000), COY_OK);
    expect_variable(pool, "RR_MODE", "redis");
    expect_variable(pool, "RR_REDIS", "true");
    expect_variable(pool, "RR_ORDERS", "true");
    expect_variable(pool, "RR_TICKER", "");
    coy_pool_free(pool);
}
END_TEST

START_TEST(settings_go_on_top)
{
    coy_pool *pool = pool_of("ticker");
    ck_assert_int_eq(coy_pool_set(pool, "num_workers", "2"), COY_OK);
    ck_assert_int_eq(coy_pool_set(pool, "env.own", "set"), COY_OK);
    ck_assert_int_eq(coy_pool_set(pool, "exec_ttl", "1h"), COY_OK);
    ck_assert_int_eq(coy_pool_set(pool, "num_worker", "2"), COY_ECONFIG);
    expect_error(COY_ECONFIG, "did you mean \"num_workers\"?");
    ck_assert_int_eq(coy_pool_set(pool, "", "2"), COY_ECONFIG);
    expect_error(COY_ECONFIG, "the key is empty");
    ck_assert_int_eq(coy_pool_start(pool, 30000), COY_OK);
    ck_assert_int_eq(coy_pool_stat(pool, "workers_started"), 2);
    expect_variable(pool, "OWN", "set");
    expect_variable(pool, "SHARED", "of all");
    expect_body(exec_body(pool, "sleep 600"), "slept");
    coy_pool_free(pool);
    /* the config is as it was, for the next one */
    expect_get("ticker.workers.pool.supervisor.exec_ttl", "\"400ms\"");
    pool = pool_of("ticker");
    coy_pool_free(pool);
}
END_TEST

static const struct {
    const char *section;
    const char *words;
} absent[] = {
    {"tickr", "the config has no section \"tickr\"; did you mean \"ticker\"? sections are: env, "
              "ticker, orders, log, broken"},
    {"ticker.workers", "no section \"ticker.workers\""},
    {"log", ".rr.yaml:15:6: log: a pool needs `workers`, and there are none here; sections with "
            "workers are: ticker, orders, broken"},
};

START_TEST(a_section_that_is_not_there)
{
    ck_assert_ptr_null(coy_pool_new_from_config(config, absent[_i].section));
    expect_error(COY_ECONFIG, absent[_i].words);
}
END_TEST

START_TEST(all_mistakes_of_a_section_with_their_places)
{
    static const char *const lines[] = {
        ".rr.yaml:18:5: broken.workers.comand: unknown key; did you mean \"command\"?",
        ".rr.yaml:21:20: broken.workers.pool.num_workers: found the text \"none\"",
        ".rr.yaml:22:25: broken.workers.pool.allocate_timeout: must be above zero",
    };
    ck_assert_ptr_null(coy_pool_new_from_config(config, "broken"));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        expect_error(COY_ECONFIG, lines[i]);
    }
    ck_assert_int_eq(coy_config_set(config, "env.a=b", "1"), COY_OK);
    ck_assert_int_eq(coy_config_set(config, "ticker.workers.env.c=d", "1"), COY_OK);
    ck_assert_int_eq(coy_config_set(config, "ticker.workers.relay", "udp://x"), COY_OK);
    ck_assert_ptr_null(coy_pool_new_from_config(config, "ticker"));
    expect_error(COY_ECONFIG, "coy_config_set(\"env.a=b\"): env.a=b: ");
    expect_error(COY_ECONFIG,
                 "coy_config_set(\"ticker.workers.env.c=d\"): ticker.workers.env.c=d: ");
    expect_error(COY_ECONFIG, "coy_config_set(\"ticker.workers.relay\"): ticker.workers.relay: ");
}
END_TEST

TCase *abi_config_case(void);
TCase *abi_config_case(void)
{
    TCase *test = tcase_create("config");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, what_stands_there_and_where);
    tcase_add_test(test, what_is_set_later_wins);
    tcase_add_loop_test(test, a_mistake_changes_nothing, 0, sizeof mistakes / sizeof *mistakes);
    tcase_add_test(test, a_file);
    tcase_add_test(test, what_was_got_lives_until_the_next_call);
    tcase_add_test(test, a_pool_is_as_its_section_says);
    tcase_add_test(test, a_section_that_names_its_source);
    tcase_add_test(test, settings_go_on_top);
    tcase_add_loop_test(test, a_section_that_is_not_there, 0, sizeof absent / sizeof *absent);
    tcase_add_test(test, all_mistakes_of_a_section_with_their_places);
    return test;
}
