/* Copies of configs and of their parts, and single values set from a program. */
#include <string.h>

#include "sample.h"
#include "suite.h"

static const char text[] = "one:\n"
                           "  list: [1, {two: 3s}]\n"
                           "  workers: {command: php, pool.num_workers: 2}\n"
                           "one_more: 1\n";

static struct config *config;

static void setup(void)
{
    config = config_new();
    ck_assert_int_eq(config_read_text(config, "a.yaml", text, sizeof text - 1, NULL), STATUS_OK);
}

static void teardown(void)
{
    config_free(config);
}

static void expect(const struct config *of, const char *path, const char *json, const char *where)
{
    char *found = json_dumps(config_find(of, path), JSON_ENCODE_ANY | JSON_COMPACT);
    ck_assert_str_eq(found, json);
    ck_assert_str_eq(config_position(of, path), where);
    json_free_t give;
    json_get_alloc_funcs(NULL, &give);
    give(found);
}

START_TEST(a_copy_lives_by_itself)
{
    struct config *copy = config_copy(config);
    ck_assert_int_eq(config_set(copy, "set", "one.list", "[4]", NULL), STATUS_OK);
    expect(config, "one.list", "[1,{\"two\":\"3s\"}]", "a.yaml:2:9");
    config_free(config);
    config = NULL;
    expect(copy, "one.list", "[4]", "set(\"one.list\")");
    expect(copy, "one.workers.pool.num_workers", "2", "a.yaml:3:45");
    config_free(copy);
}
END_TEST

START_TEST(a_part_keeps_its_positions)
{
    struct config *part = config_new();
    ck_assert_int_eq(config_graft(part, "workers", config, "one.workers"), STATUS_OK);
    ck_assert_int_eq(config_graft(part, "items", config, "one.list"), STATUS_OK);
    ck_assert_int_eq(config_graft(part, "none", config, "one.nothing"), STATUS_OK);
    config_free(config);
    config = NULL;
    expect(part, "workers.command", "\"php\"", "a.yaml:3:22");
    expect(part, "workers.pool.num_workers", "2", "a.yaml:3:45");
    expect(part, "items[1].two", "\"3s\"", "a.yaml:2:19");
    ck_assert_ptr_null(config_find(part, "none"));
    ck_assert_ptr_null(config_find(part, "one_more")); /* "one" is no part of it */
    /* what is read into it comes after */
    ck_assert_int_eq(config_set(part, "set", "workers.pool.num_workers", "x", NULL), STATUS_OK);
    expect(part, "workers.pool.num_workers", "\"x\"", "set(\"workers.pool.num_workers\")");
    config_free(part);
}
END_TEST

START_TEST(a_key_of_any_signs_is_set)
{
    struct error error = {0};
    ck_assert_int_eq(config_set(config, "set", "one.a=b", "c=d", NULL), STATUS_OK);
    expect(config, "one.a=b", "\"c=d\"", "set(\"one.a=b\")");
    ck_assert_int_eq(config_set(config, "set", "one.", "1", &error), STATUS_ECONFIG);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "set(\"one.\"): a part of this key is empty"));
    ck_assert_int_eq(config_set(config, "set", "", "1", &error), STATUS_ECONFIG);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "set(\"\"): a key is empty"));
    error_clear(&error);
}
END_TEST

START_TEST(a_text_has_the_bound_of_a_file)
{
    struct error error = {0};
    ck_assert_int_eq(config_read_text(config, "big", text, ((size_t)4 << 20) + 1, &error),
                     STATUS_ETOOBIG);
    ck_assert_ptr_nonnull(strstr(error_text(&error), "big: larger than 4 MiB"));
    error_clear(&error);
}
END_TEST

TCase *copy_case(void);
TCase *copy_case(void)
{
    TCase *test = tcase_create("copy");
    tcase_add_checked_fixture(test, setup, teardown);
    tcase_add_test(test, a_copy_lives_by_itself);
    tcase_add_test(test, a_part_keeps_its_positions);
    tcase_add_test(test, a_key_of_any_signs_is_set);
    tcase_add_test(test, a_text_has_the_bound_of_a_file);
    return test;
}
