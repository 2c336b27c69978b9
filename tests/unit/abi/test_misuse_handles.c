/* Every call that takes a handle, with every handle that it can't take. */
#include <stdint.h>
#include <string.h>

#include "abi_fixture.h"
#include "handle.h"

/* What a call answers: its status, or that of the last error where it gives a pointer. */
struct call {
    const char *name;
    const char *kind; /* of the handle that it takes */
    int64_t (*run)(void *handle);
};

static int64_t status_of(const void *given)
{
    return given == NULL ? coy_error_status() : COY_OK;
}

#define CALL(call)                                                                                 \
    static int64_t run_##call(void *handle)                                                        \
    {                                                                                              \
        return call(handle);                                                                       \
    }
#define CALL_WITH(call, ...)                                                                       \
    static int64_t run_##call(void *handle)                                                        \
    {                                                                                              \
        return call(handle, __VA_ARGS__);                                                          \
    }
#define POINTER(call)                                                                              \
    static int64_t run_##call(void *handle)                                                        \
    {                                                                                              \
        return status_of(call(handle));                                                            \
    }
#define POINTER_WITH(call, ...)                                                                    \
    static int64_t run_##call(void *handle)                                                        \
    {                                                                                              \
        return status_of(call(handle, __VA_ARGS__));                                               \
    }

CALL_WITH(coy_config_read_file, "/dev/null")
CALL_WITH(coy_config_read_text, "name", "a: 1", 4)
CALL_WITH(coy_config_set, "a", "1")
POINTER_WITH(coy_config_get, "a")
POINTER_WITH(coy_config_position, "a")
POINTER_WITH(coy_pool_new_from_config, "ticker")
CALL_WITH(coy_pool_set, "max_jobs", "1")
CALL_WITH(coy_pool_start, 0)
CALL_WITH(coy_pool_submit, NULL, 0, "x", 1)
CALL_WITH(coy_pool_set_key, "key", 3)
CALL_WITH(coy_pool_set_priority, 4)
CALL_WITH(coy_pool_cancel, 1)
CALL_WITH(coy_pool_abandon, 1)
CALL(coy_pool_last_job)
CALL_WITH(coy_pool_set_longest_wait, 1)
POINTER_WITH(coy_pool_exec, NULL, 0, "x", 1, 0)
POINTER_WITH(coy_pool_next, 0)
POINTER_WITH(coy_pool_wait, 1, 0)
CALL(coy_pool_reset)
CALL(coy_pool_fd)
POINTER(coy_pool_log_next)
CALL_WITH(coy_pool_stat, "submitted")
CALL_WITH(coy_pool_stop, 0)

#define ROW(kind, call)                                                                            \
    {                                                                                              \
#call, kind, run_##call                                                                    \
    }

static const struct call calls[] = {
    ROW("coy_config", coy_config_read_file), ROW("coy_config", coy_config_read_text),
    ROW("coy_config", coy_config_set),       ROW("coy_config", coy_config_get),
    ROW("coy_config", coy_config_position),  ROW("coy_config", coy_pool_new_from_config),
    ROW("coy_pool", coy_pool_set),           ROW("coy_pool", coy_pool_start),
    ROW("coy_pool", coy_pool_submit),        ROW("coy_pool", coy_pool_set_key),
    ROW("coy_pool", coy_pool_set_priority),  ROW("coy_pool", coy_pool_cancel),
    ROW("coy_pool", coy_pool_abandon),       ROW("coy_pool", coy_pool_exec),
    ROW("coy_pool", coy_pool_next),          ROW("coy_pool", coy_pool_wait),
    ROW("coy_pool", coy_pool_reset),         ROW("coy_pool", coy_pool_fd),
    ROW("coy_pool", coy_pool_log_next),      ROW("coy_pool", coy_pool_stat),
    ROW("coy_pool", coy_pool_last_job),      ROW("coy_pool", coy_pool_set_longest_wait),
    ROW("coy_pool", coy_pool_stop),
};
enum { CALLS = sizeof calls / sizeof *calls };

/* Handles of every kind, live and stale, and what never was one. */
enum { KINDS = 7, NUMBERS = 12, HANDLES = 2 * KINDS + NUMBERS };

static struct {
    const char *kind; /* "": of none */
    bool live;
    void *handle;
} handles[HANDLES];
static size_t handle_count;

static coy_config *config;
static coy_pool *pool;
static coy_reply *reply;
static coy_log_line *line;
static int object; /* behind the kinds of others */
static void *others[3];

static void add(const char *kind, bool live, void *handle)
{
    handles[handle_count].kind = kind;
    handles[handle_count].live = live;
    handles[handle_count++].handle = handle;
}

static void add_live(void)
{
    static const enum handle_kind kinds[] = {HANDLE_SERVER, HANDLE_SOURCE, HANDLE_RELAY};
    config = coy_config_new();
    pool = started_pool();
    expect_outcome(exec_body(pool, "print to the log"), COY_OUTCOME_OK);
    reply = exec_body(pool, "hello");
    while ((line = coy_pool_log_next(pool)) == NULL) {
        coy_reply_free(coy_pool_next(pool, 20));
    }
    add("coy_config", true, config);
    add("coy_pool", true, pool);
    add("coy_reply", true, reply);
    add("coy_log_line", true, line);
    for (int i = 0; i < 3; i++) {
        others[i] = handle_new(kinds[i], &object);
        add("other", true, others[i]);
    }
}

static void add_stale(void)
{
    coy_config *no_config = coy_config_new();
    coy_config_free(no_config);
    add("coy_config", false, no_config);
    coy_pool *no_pool = started_pool();
    coy_reply *no_reply = exec_body(no_pool, "hello");
    coy_log_line *no_line = NULL;
    expect_outcome(exec_body(no_pool, "print to the log"), COY_OUTCOME_OK);
    while ((no_line = coy_pool_log_next(no_pool)) == NULL) {
        coy_reply_free(coy_pool_next(no_pool, 20));
    }
    coy_reply_free(no_reply);
    coy_pool_free(no_pool);
    add("coy_pool", false, no_pool);
    add("coy_reply", false, no_reply);
    add("coy_log_line", false, no_line);
}

static void add_numbers(void)
{
    const uintptr_t numbers[NUMBERS] = {0,
                                        1,
                                        2,
                                        16,
                                        0x7fffffff,
                                        UINTPTR_MAX,
                                        UINTPTR_MAX >> 1,
                                        4096,
                                        (uintptr_t)&object,
                                        (uintptr_t)pool + 64,
                                        (uintptr_t)pool + ((uintptr_t)1 << 40),
                                        (uintptr_t)obedient};
    for (int i = 0; i < NUMBERS; i++) {
        bool live = false;
        for (size_t j = 0; j < handle_count; j++) {
            live = live || (handles[j].live && (uintptr_t)handles[j].handle == numbers[i]);
        }
        if (!live) {
            add("", false, (void *)numbers[i]);
        }
    }
}

static void setup(void)
{
    handle_count = 0;
    add_stale();
    add_live();
    add_numbers();
}

static void teardown(void)
{
    for (int i = 0; i < 3; i++) {
        handle_take(HANDLE_SERVER, others[i]);
        handle_take(HANDLE_SOURCE, others[i]);
        handle_take(HANDLE_RELAY, others[i]);
    }
    coy_config_free(config);
    coy_reply_free(reply);
    coy_pool_free(pool);
}

static void expect_alive(void)
{
    ck_assert_int_eq(coy_config_set(config, "a", "1"), COY_OK);
    ck_assert_str_eq(coy_reply_body(reply), "hello");
    ck_assert_uint_gt(coy_log_line_text_size(line), 0);
    expect_body(exec_body(pool, "still there"), "still there");
}

START_TEST(each_call_refuses_each_of_them)
{
    int refused = 0;
    for (int i = 0; i < CALLS; i++) {
        for (size_t j = 0; j < handle_count; j++) {
            if (handles[j].live && strcmp(handles[j].kind, calls[i].kind) == 0) {
                continue;
            }
            coy_pool_new(NULL); /* so that an error that is left over is not taken for its own */
            ck_assert_int_eq(coy_error_status(), COY_EINVAL);
            ck_assert_msg(calls[i].run(handles[j].handle) == COY_EHANDLE, "%s took handle %zu (%s)",
                          calls[i].name, j, handles[j].kind);
            expect_error(COY_EHANDLE, calls[i].kind);
            expect_error(COY_EHANDLE, handles[j].handle == NULL
                                          ? "did the call that should have made it fail"
                                          : "it was freed, or never was one");
            refused++;
        }
    }
    ck_assert_int_ge(refused, CALLS * KINDS);
    expect_alive();
}
END_TEST

START_TEST(a_reply_or_line_that_is_none_has_nothing)
{
    coy_pool_new(NULL);
    for (size_t j = 0; j < handle_count; j++) {
        void *handle = handles[j].handle;
        if (handle != reply) {
            ck_assert_int_eq(coy_reply_outcome(handle), COY_EHANDLE);
            ck_assert_int_eq(coy_reply_job(handle), COY_EHANDLE);
            ck_assert(coy_reply_may_have_run(handle));
            ck_assert_int_eq(coy_reply_pid(handle), COY_EHANDLE);
            ck_assert_ptr_null(coy_reply_body(handle));
            ck_assert_uint_eq(coy_reply_body_size(handle), 0);
            ck_assert_ptr_null(coy_reply_context(handle));
            ck_assert_uint_eq(coy_reply_context_size(handle), 0);
            ck_assert_ptr_null(coy_reply_message(handle));
            ck_assert_uint_eq(coy_reply_message_size(handle), 0);
        }
        if (handle != line) {
            ck_assert_int_eq(coy_log_line_level(handle), COY_EHANDLE);
            ck_assert_double_eq(coy_log_line_time(handle), 0);
            ck_assert_ptr_null(coy_log_line_service(handle));
            ck_assert_int_eq(coy_log_line_pid(handle), COY_EHANDLE);
            ck_assert_ptr_null(coy_log_line_text(handle));
            ck_assert_uint_eq(coy_log_line_text_size(handle), 0);
            ck_assert_ptr_null(coy_log_line_fields(handle));
        }
    }
    ck_assert_int_eq(coy_error_status(), COY_EINVAL); /* accessors leave it alone */
    expect_alive();
}
END_TEST

START_TEST(freeing_any_but_their_own_does_nothing)
{
    for (size_t j = 0; j < handle_count; j++) {
        void *handle = handles[j].handle;
        if (handle != config) {
            coy_config_free(handle);
        }
        if (handle != reply) {
            coy_reply_free(handle);
        }
        if (handle != pool) {
            coy_pool_free(handle);
        }
    }
    expect_alive();
}
END_TEST

START_TEST(freed_twice_is_freed_once)
{
    coy_config *again = config;
    coy_config_free(config);
    config = coy_config_new(); /* in the same place */
    coy_config_free(again);
    coy_pool *first = new_pool();
    coy_pool_free(first);
    coy_pool *second = started_pool();
    coy_pool_free(first);
    coy_reply *old = exec_body(second, "old");
    coy_reply_free(old);
    coy_reply *young = exec_body(second, "young");
    coy_reply_free(old);
    expect_body(young, "young");
    coy_pool_free(second);
    expect_alive();
}
END_TEST

TCase *misuse_handles_case(void);
TCase *misuse_handles_case(void)
{
    TCase *test = tcase_create("misuse of handles");
    tcase_set_timeout(test, 120);
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, each_call_refuses_each_of_them);
    tcase_add_test(test, a_reply_or_line_that_is_none_has_nothing);
    tcase_add_test(test, freeing_any_but_their_own_does_nothing);
    tcase_add_test(test, freed_twice_is_freed_once);
    return test;
}
