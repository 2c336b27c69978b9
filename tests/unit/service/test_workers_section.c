#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "config/config.h"
#include "service/event/workers_section.h"
#include "suite.h"

static struct config *config;
static struct workers_section section;
static struct error error;

static void set_up(void)
{
    config = config_new();
}

static void tear_down(void)
{
    config_free(config);
    error_clear(&error);
}

static void use_one_cpu(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
}

static int check(const char *workers)
{
    char yaml[256];
    int size = snprintf(yaml, sizeof yaml, "workers: %s", workers);
    ck_assert_int_eq(config_read_text(config, "test.yaml", yaml, (size_t)size, &error), STATUS_OK);
    json_t *schema = workers_section_schema(&error);
    ck_assert_msg(schema != NULL, "%s", error_text(&error));
    int status = config_check(config, "workers", schema, &error);
    json_decref(schema);
    status = status != STATUS_OK ? status : workers_section_check(config, "workers", &error);
    workers_section_read(config_find(config, "workers"), &section);
    return status;
}

START_TEST(the_defaults_are_roadrunners)
{
    use_one_cpu();
    ck_assert_int_eq(check("{command: php app.php}"), STATUS_OK);
    ck_assert_str_eq(section.command, "php app.php");
    /* what this process may use, not what the machine has */
    ck_assert_uint_eq(section.num_workers, 1);
    ck_assert_uint_eq(section.max_jobs, 0);
    ck_assert_int_eq(section.allocate_timeout, 60000);
    ck_assert_int_eq(section.destroy_timeout, 60000);
    ck_assert_int_eq(section.reset_timeout, 60000);
    ck_assert(section.fail_fast);
    ck_assert(!section.debug);
    ck_assert_uint_eq(section.max_workers, 0);
    ck_assert_uint_eq(section.max_payload_size, (size_t)64 * 1024 * 1024);
    ck_assert_str_eq(section.relay, "pipes");
    ck_assert_ptr_null(section.user);
    ck_assert_int_eq(section.relay_timeout, 60000);
    ck_assert_str_eq(config_position(config, "workers.pool.num_workers"), "default");
}
END_TEST

static char logged[256];

static void keep_line(struct log *log, const struct log_line *line)
{
    (void)log;
    snprintf(logged, sizeof logged, "%s %s: %.*s", log_level_name(line->level), line->service,
             (int)line->text.size, (const char *)line->text.data);
}

static void log_default_of(const char *yaml)
{
    struct log log = {LOG_LEVEL_DEBUG, keep_line};
    config_free(config);
    config = config_new();
    *logged = '\0';
    ck_assert_int_eq(config_read_text(config, "test.yaml", yaml, strlen(yaml), &error), STATUS_OK);
    json_t *schema = workers_section_schema(&error);
    ck_assert_int_eq(config_check(config, "tick.workers", schema, &error), STATUS_OK);
    json_decref(schema);
    workers_section_log_default(config, "tick", &log);
}

START_TEST(the_log_says_where_the_default_comes_from)
{
    static const char words[] = "debug tick: num_workers is 1 by default: 1 CPU by affinity, ";
    use_one_cpu();
    log_default_of("tick: {workers: {command: php}}");
    ck_assert_msg(strncmp(logged, words, sizeof words - 1) == 0, "%s", logged);
    ck_assert_msg(strstr(logged, "cgroup quota") != NULL, "%s", logged);
    log_default_of("tick: {workers: {command: php, pool: {num_workers: 1}}}");
    ck_assert_str_eq(logged, "");
}
END_TEST

static const char *const spellings[] = {
    "{command: php a.php, maxPayloadSize: 1MiB, relayTimeout: 3, pool: {numWorkers: 3, maxJobs: 7,"
    " allocateTimeout: 1500ms, destroyTimeout: 2}}",
    "{command: php a.php, max_payload_size: 1048576, relay_timeout: 3000ms, pool: {num_workers: 3, "
    "max_jobs: 7,"
    " allocate_timeout: 1.5s, destroy_timeout: 2000ms}}",
};

START_TEST(both_spellings_are_known)
{
    ck_assert_int_eq(check(spellings[_i]), STATUS_OK);
    ck_assert_uint_eq(section.num_workers, 3);
    ck_assert_uint_eq(section.max_jobs, 7);
    ck_assert_int_eq(section.allocate_timeout, 1500);
    ck_assert_int_eq(section.destroy_timeout, 2000);
    ck_assert_uint_eq(section.max_payload_size, 1048576);
    ck_assert_int_eq(section.relay_timeout, 3000);
}
END_TEST

START_TEST(the_allocator_is_off_unless_it_is_named)
{
    ck_assert_int_eq(check("{command: php, pool: {dynamic_allocator: {}}}"), STATUS_OK);
    ck_assert_uint_eq(section.max_workers, 10);
    ck_assert_uint_eq(section.spawn_rate, 5);
    ck_assert_int_eq(section.idle_timeout, 60000);
    config_free(config);
    config = config_new();
    ck_assert_int_eq(check("{command: php, pool: {dynamicAllocator: {maxWorkers: 2, spawnRate: 100,"
                           " idleTimeout: 1500ms}}}"),
                     STATUS_OK);
    ck_assert_uint_eq(section.max_workers, 2);
    ck_assert_uint_eq(section.spawn_rate, 100);
    ck_assert_int_eq(section.idle_timeout, 1500);
}
END_TEST

static const struct {
    const char *workers;
    const char *user;
} users[] = {
    {"{command: php, user: root}", "root"},
    {"{command: php, user: 0}", "0"},
    {"{command: php, user: '0'}", "0"},
    {"{command: php, user: 0:0}", "0:0"},
    {"{command: php, user: 4000000001:33}", "4000000001:33"},
};

START_TEST(a_user_is_text_also_where_it_is_a_number)
{
    int status = check(users[_i].workers);
    ck_assert_msg(status == STATUS_OK, "%s", error_text(&error));
    ck_assert_str_eq(section.user, users[_i].user);
}
END_TEST

static const struct {
    const char *workers;
    const char *words;
} mistakes[] = {
    {"{}", "workers.command: missing"},
    {"{command: ''}", "workers.command: "},
    {"{command: 'php \"a.php'}", "workers.command: "},
    {"{command: 'php a.php | tee log'}", "workers.command: "},
    {"{command: php, protocol: v1}", "expected one of \"auto\", \"v2\", \"v3\""},
    {"{command: php, relay: sockets}", "workers.relay: expected \"pipes\""},
    {"{command: php, relay: 'tcp://:7000'}", "workers.relay: tcp://:7000 is no address"},
    {"{command: php, relay: 'unix://'}", "workers.relay: unix:// needs a path"},
    {"{command: php, user: wwwdata}", "workers.user: there is no user \"wwwdata\""},
    {"{command: php, user: 'root:wheels'}", "workers.user: there is no group \"wheels\""},
    {"{command: php, user: 4000000001}", "write \"4000000001:gid\""},
    {"{command: php, user: -1}", "workers.user: there is no user \"-1\""},
    {"{command: php, user: ''}", "workers.user: \"\" names no user"},
    {"{command: php, user: [root]}", "workers.user: found a list"},
    {"{command: php, user: wwwdata, relay: x}", "workers.user: there is no user \"wwwdata\"\n"},
    {"{command: php, user: wwwdata, relay: x}", "workers.relay: expected \"pipes\""},
    {"{command: php, relay_timeout: 0}", "workers.relay_timeout: must be above zero"},
    {"{command: php, max_payload_size: 0}", "workers.max_payload_size: "},
    {"{command: php, pool: {num_workers: 0}}", "workers.pool.num_workers: "},
    {"{command: php, pool: {num_workers: 501}}", "workers.pool.num_workers: "},
    {"{command: php, pool: {num_workers: two}}", "workers.pool.num_workers: "},
    {"{command: php, pool: {max_jobs: -1}}", "workers.pool.max_jobs: "},
    {"{command: php, pool: {allocate_timeout: 0}}", "must be above zero"},
    {"{command: php, pool: {destroy_timeout: 0ms}}", "must be above zero"},
    {"{command: php, pool: {resetTimeout: 0}}", "must be above zero"},
    {"{command: php, pool: {dynamic_allocator: {max_workers: 0}}}", "expected an integer from 1"},
    {"{command: php, pool: {dynamic_allocator: {spawn_rate: 101}}}", "from 1 to 100"},
    {"{command: php, pool: {num_workers: 450, dynamic_allocator: {max_workers: 51}}}",
     "workers.pool.dynamic_allocator.max_workers: 51 on top of num_workers, which is 450, are more "
     "than the 500 that a pool may have: up to 50 are left"},
    {"{command: php, pool: {numworker: 1}}", "did you mean \"num_workers\"?"},
    {"{command: php, num_workers: 1}", "workers.num_workers: unknown key"},
    {"{command: php, poll: {}}", "did you mean \"pool\"?"},
};

START_TEST(a_mistake_names_its_key)
{
    ck_assert_int_eq(check(mistakes[_i].workers), STATUS_ECONFIG);
    ck_assert_msg(strstr(error_text(&error), mistakes[_i].words) != NULL, "%s", error_text(&error));
}
END_TEST

TCase *workers_section_case(void);
TCase *workers_section_case(void)
{
    TCase *test = tcase_create("workers section");
    tcase_add_checked_fixture(test, set_up, tear_down);
    tcase_add_test(test, the_defaults_are_roadrunners);
    tcase_add_test(test, the_log_says_where_the_default_comes_from);
    tcase_add_test(test, the_allocator_is_off_unless_it_is_named);
    tcase_add_loop_test(test, both_spellings_are_known, 0, sizeof spellings / sizeof *spellings);
    tcase_add_loop_test(test, a_user_is_text_also_where_it_is_a_number, 0,
                        sizeof users / sizeof *users);
    tcase_add_loop_test(test, a_mistake_names_its_key, 0, sizeof mistakes / sizeof *mistakes);
    return test;
}
