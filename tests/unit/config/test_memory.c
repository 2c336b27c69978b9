/* Every allocation fails once: the answer is STATUS_EMEMORY, nothing leaks, nothing crashes. */
#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "config/command_line.h"
#include "sample.h"
#include "suite.h"

/* How many more allocations succeed; negative: all of them. */
static long left = -1;

/* That the libraries do come here: without it their part would go untested in silence. */
static unsigned long yaml_calls;
static unsigned long jansson_calls;

static bool fails(void)
{
    if (left == 0) {
        errno = ENOMEM;
        return true;
    }
    if (left > 0) {
        left--;
    }
    return false;
}

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__real_strndup(const char *text, size_t size);
char *__wrap_strndup(const char *text, size_t size);
char *__wrap_strndup(const char *text, size_t size)
{
    return fails() ? NULL : __real_strndup(text, size);
}

int __real_vasprintf(char **text, const char *format, va_list arguments);
int __wrap_vasprintf(char **text, const char *format, va_list arguments);
int __wrap_vasprintf(char **text, const char *format, va_list arguments)
{
    return fails() ? -1 : __real_vasprintf(text, format, arguments);
}

int __wrap_asprintf(char **text, const char *format, ...);
int __wrap_asprintf(char **text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = __wrap_vasprintf(text, format, arguments);
    va_end(arguments);
    return size;
}

locale_t __real_newlocale(int mask, const char *name, locale_t base);
locale_t __wrap_newlocale(int mask, const char *name, locale_t base);
locale_t __wrap_newlocale(int mask, const char *name, locale_t base)
{
    return fails() ? NULL : __real_newlocale(mask, name, base);
}
/* NOLINTEND(bugprone-reserved-identifier) */

#define SEEN __attribute__((visibility("default")))

/* libyaml calls these through the linker, so that ours take the place of its own. */
SEEN void *yaml_malloc(size_t size);
void *yaml_malloc(size_t size)
{
    yaml_calls++;
    return __wrap_malloc(size > 0 ? size : 1);
}

SEEN void *yaml_realloc(void *memory, size_t size);
void *yaml_realloc(void *memory, size_t size)
{
    return __wrap_realloc(memory, size > 0 ? size : 1);
}

SEEN void yaml_free(void *memory);
void yaml_free(void *memory)
{
    free(memory);
}

SEEN yaml_char_t *yaml_strdup(const yaml_char_t *text);
yaml_char_t *yaml_strdup(const yaml_char_t *text)
{
    return text == NULL ? NULL : (yaml_char_t *)__wrap_strdup((const char *)text);
}

static const char RIGHT[] =
    "base: &base {pool: {numWorkers: 4, destroyTimeout: 1.5}, env: {A: 'b c'}}\n"
    "ticker:\n  interval: 250ms\n  limit: 64KiB\n  ratio: 0.5\n  plugins: [a, \"b\", &c c, *c]\n"
    "  workers.command: \"php 'a b' c\"\n  workers: {<<: *base, env.B: x}\n";

/* Every kind of mistake, so that the making of the words is tried too. */
static const char WRONG[] =
    "ticker:\n  internal: 5\n  zzz: 1\n  num_workers: 2\n  interval: 5min\n  limit: 64M\n"
    "  count: 0\n  ratio: 1.5\n  format: jsn\n  version: 3\n  plugins: [1]\n"
    "  workers.pool: {num_workers: two, numWorkers: 3, destroyTimeout: 99h}\n  workers.env: [1]\n";

static const char UNREADABLE[] = "a: 1\na: .nan\n\"x..y\": !z 1\nb: {<<: 5, c: @}\n";
static const char TWICE[] = "a: 1\na: .nan\n\"x..y\": !z 1\nb: {<<: 5, [c]: 1}\n";

/* A copy, and a part of it in a config of its own. */
static int copy(const struct config *config, struct error *error)
{
    struct config *whole = config_copy(config);
    struct config *part = config_new();
    int status = STATUS_EMEMORY;
    if (whole != NULL && part != NULL) {
        status = config_graft(part, "workers", whole, "ticker.workers");
    }
    if (status == STATUS_OK) {
        status = config_set(part, "set", "workers.env.C", "text", error);
    } else {
        error_memory(error);
    }
    config_free(whole);
    config_free(part);
    return status;
}

/* 0 or the status that stopped it. */
static int work(const char *text, struct error *error)
{
    json_t *schema = schema_parse(sample_schema, error);
    struct config *config = config_new();
    int status = schema == NULL ? error->status : STATUS_OK;
    if (config == NULL) {
        status = error_memory(error);
    }
    if (status == STATUS_OK) {
        status = config_read_text(config, "x", text, strlen(text), error);
    }
    if (status == STATUS_OK) {
        status = config_override(config, "ticker.workers.env.C={\"d.e\": 1}", error);
    }
    if (status == STATUS_OK) {
        status = config_override(config, "ticker.workers.env.C=text", error);
    }
    if (status == STATUS_OK) {
        status = copy(config, error);
    }
    if (status == STATUS_OK) {
        status = config_check(config, "ticker", schema, error);
    }
    if (status == STATUS_OK) {
        if (*config_position(config, "ticker.interval") == '\0') {
            abort();
        }
        status = config_mistake(config, "ticker.nothing", error, "at the end");
    }
    config_free(config);
    json_decref(schema);
    return status;
}

static void *counted_malloc(size_t size)
{
    jansson_calls++;
    return __wrap_malloc(size);
}

/* The first run has all the memory; each one after it loses an allocation further on. At least
   `least` of them must have made a difference. */
static void fail_each(const char *text, long least)
{
    struct error error = {0};
    json_set_alloc_funcs(counted_malloc, free);
    int expected = work(text, &error);
    ck_assert_int_eq(expected, STATUS_ECONFIG);
    ck_assert_uint_gt(yaml_calls, 0);
    ck_assert_uint_gt(jansson_calls, 0);
    char *words = strdup(error_text(&error));
    error_clear(&error);
    long failed = 0;
    for (long allowed = 0;; allowed++) {
        left = allowed;
        int status = work(text, &error);
        bool exhausted = left == 0;
        left = -1;
        ck_assert_int_eq(status, error.status);
        if (status == expected && strcmp(words, error_text(&error)) == 0) {
            error_clear(&error);
            if (!exhausted) {
                break;
            }
            continue;
        }
        ck_assert_msg(status == STATUS_EMEMORY || error.text == NULL,
                      "allocation %ld: status %d: %s", allowed, status, error_text(&error));
        ck_assert_str_eq(error_text(&error), "out of memory");
        error_clear(&error);
        failed++;
    }
    ck_assert_int_gt(failed, least);
    free(words);
}

START_TEST(survives_each_failure_on_a_right_config)
{
    fail_each(RIGHT, 300);
}
END_TEST

START_TEST(survives_each_failure_on_a_wrong_config)
{
    fail_each(WRONG, 300);
}
END_TEST

START_TEST(survives_each_failure_on_what_can_not_be_read)
{
    fail_each(UNREADABLE, 100);
    fail_each(TWICE, 100);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("config_memory");
    TCase *test = tcase_create("memory");
    tcase_set_timeout(test, 100);
    tcase_add_test(test, survives_each_failure_on_a_right_config);
    tcase_add_test(test, survives_each_failure_on_a_wrong_config);
    tcase_add_test(test, survives_each_failure_on_what_can_not_be_read);
    suite_add_tcase(suite, test);
    return suite;
}
