#include <jansson.h>

#include "source/source_registry.h"
#include "suite.h"

START_TEST(the_built_in_kinds_are_there)
{
    struct source_registry *registry = source_registry_new();
    const struct source_kind *ticker = source_registry_find(registry, "ticker");
    ck_assert_ptr_nonnull(ticker);
    ck_assert_ptr_eq(source_registry_at(registry, 0), ticker);
    ck_assert_ptr_null(source_registry_find(registry, "Ticker"));
    ck_assert_ptr_null(source_registry_find(registry, ""));
    source_registry_free(registry);
    source_registry_free(NULL);
}
END_TEST

START_TEST(a_kind_is_added_once)
{
    struct source_registry *registry = source_registry_new();
    const struct source_kind mine = {.name = "mine"};
    const struct source_kind again = {.name = "ticker"};
    struct error error = {0};
    ck_assert_int_eq(source_registry_add(registry, &mine, &error), STATUS_OK);
    ck_assert_ptr_eq(source_registry_find(registry, "mine"), &mine);
    ck_assert_int_eq(source_registry_add(registry, &again, &error), STATUS_EINVAL);
    ck_assert_str_eq(error_text(&error), "there is a kind of source called \"ticker\" already");
    ck_assert_ptr_eq(source_registry_at(registry, 1), &mine);
    ck_assert_ptr_null(source_registry_at(registry, 2));
    error_clear(&error);
    source_registry_free(registry);
}
END_TEST

START_TEST(the_schemas_of_all_kinds_are_json)
{
    struct source_registry *registry = source_registry_new();
    const struct source_kind *kind = NULL;
    for (size_t i = 0; (kind = source_registry_at(registry, i)) != NULL; i++) {
        json_t *schema = json_loads(kind->schema, 0, NULL);
        ck_assert_msg(schema != NULL, "the schema of %s is not JSON", kind->name);
        json_t *properties = json_object_get(schema, "properties");
        ck_assert(json_is_object(properties));
        /* these are the service's */
        ck_assert_ptr_null(json_object_get(properties, "source"));
        ck_assert_ptr_null(json_object_get(properties, "workers"));
        json_decref(schema);
    }
    source_registry_free(registry);
}
END_TEST

TCase *registry_case(void);
TCase *registry_case(void)
{
    TCase *test = tcase_create("registry");
    tcase_add_test(test, the_built_in_kinds_are_there);
    tcase_add_test(test, a_kind_is_added_once);
    tcase_add_test(test, the_schemas_of_all_kinds_are_json);
    return test;
}
