#include <string.h>

#include "probe.h"
#include "suite.h"

static struct probe_world world;

static void tear_down(void)
{
    probe_world_close(&world);
}

START_TEST(all_are_brought_up_in_the_order_of_registration)
{
    probe_world_open(&world, "b: {x: 1}\na: {x: 1}\n");
    probe_add(&world, "first", true);
    probe_add(&world, "a", false)->end = PROBE_ENDS_LATER;
    probe_add(&world, "b", false)->end = PROBE_ENDS_LATER;
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_OK);
    ck_assert_uint_eq(container_enabled(world.container), 2);
    ck_assert_int_eq(container_serve(world.container, &world.error), STATUS_OK);
    ck_assert(!container_done(world.container));
    ck_assert_int_eq(container_run(world.container, &world.error), STATUS_OK);
    ck_assert(container_done(world.container));
    ck_assert_str_eq(probe_history, "init first, init a, init b, serve a, serve b, ends a, ends b");
}
END_TEST

START_TEST(a_service_is_disabled_without_a_section_or_by_itself)
{
    probe_world_open(&world, "shy: {x: 1}\nbold: {x: 1}\n");
    probe_add(&world, "absent", false);
    probe_add(&world, "shy", false)->disables_itself = true;
    probe_add(&world, "bold", false)->end = PROBE_ENDS_LATER;
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_OK);
    ck_assert_uint_eq(container_enabled(world.container), 1);
    container_serve(world.container, NULL);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_str_eq(probe_history, "init shy, init bold, serve bold, ends bold");
}
END_TEST

START_TEST(a_service_is_disabled_by_others_between_init_and_serve)
{
    probe_world_open(&world, "a: {x: 1}\nb: {x: 1}\n");
    probe_add(&world, "a", false)->end = PROBE_ENDS_LATER;
    probe_add(&world, "b", false)->end = PROBE_ENDS_LATER;
    const struct service *a = container_service(world.container, 0);
    ck_assert_int_eq(container_disable(world.container, a, &world.error), STATUS_ESTATE);
    ck_assert_int_eq(container_init(world.container, NULL), STATUS_OK);
    ck_assert_int_eq(container_disable(world.container, a, NULL), STATUS_OK);
    ck_assert_int_eq(container_disable(world.container, a, NULL), STATUS_OK);
    ck_assert_uint_eq(container_enabled(world.container), 1);
    ck_assert(!container_serving(world.container));
    container_serve(world.container, NULL);
    ck_assert(container_serving(world.container));
    ck_assert_int_eq(container_disable(world.container, a, NULL), STATUS_ESTATE);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_str_eq(probe_history, "init a, init b, serve b, ends b");
}
END_TEST

START_TEST(the_mistakes_of_all_sections_are_told_at_once)
{
    probe_world_open(&world, "a: {x: 1}\nb: {x: 1}\nc: {x: 1}\n");
    probe_add(&world, "a", false)->init_fails = true;
    probe_add(&world, "b", false);
    probe_add(&world, "c", false)->init_fails = true;
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_ECONFIG);
    ck_assert_str_eq(error_text(&world.error), "a is configured badly\nc is configured badly");
    ck_assert_str_eq(probe_history, "init a, init b, init c");
    ck_assert_int_eq(container_init(world.container, &world.error), STATUS_ESTATE);
}
END_TEST

START_TEST(a_name_is_taken_once_and_before_init)
{
    probe_world_open(&world, "a: {x: 1}\n");
    ck_assert_ptr_nonnull(probe_add(&world, "a", false));
    ck_assert_ptr_null(probe_add(&world, "a", true));
    ck_assert_int_eq(world.error.status, STATUS_EINVAL);
    ck_assert_int_eq(container_serve(world.container, NULL), STATUS_ESTATE);
    ck_assert_int_eq(container_init(world.container, NULL), STATUS_OK);
    ck_assert_ptr_null(probe_add(&world, "late", true));
    ck_assert_int_eq(world.error.status, STATUS_ESTATE);
    ck_assert_str_eq(probe_history, "free a, init a, free late");
    ck_assert_str_eq(container_service(world.container, 0)->name, "a");
    ck_assert_ptr_null(container_service(world.container, 1));
}
END_TEST

START_TEST(nothing_to_serve_is_done_at_once)
{
    probe_world_open(&world, "{}");
    probe_add(&world, "quiet", true);
    ck_assert_int_eq(container_init(world.container, NULL), STATUS_OK);
    ck_assert_uint_eq(container_enabled(world.container), 0);
    ck_assert(!container_done(world.container));
    ck_assert_int_eq(container_serve(world.container, NULL), STATUS_OK);
    ck_assert_int_eq(container_run(world.container, NULL), STATUS_OK);
    ck_assert_int_eq(container_serve(world.container, NULL), STATUS_ESTATE);
}
END_TEST

START_TEST(the_last_one_is_freed_first)
{
    struct probe_world mine;
    probe_world_open(&mine, "a: {x: 1}\nb: {x: 1}\n");
    probe_add(&mine, "a", false);
    probe_add(&mine, "b", false);
    container_init(mine.container, NULL);
    container_serve(mine.container, NULL);
    probe_history[0] = '\0';
    probe_world_close(&mine);
    ck_assert_str_eq(probe_history, "free b, free a");
    probe_world_open(&world, "{}");
    container_free(NULL);
}
END_TEST

TCase *lifecycle_case(void);
TCase *lifecycle_case(void)
{
    TCase *test = tcase_create("lifecycle");
    tcase_add_checked_fixture(test, NULL, tear_down);
    tcase_add_test(test, all_are_brought_up_in_the_order_of_registration);
    tcase_add_test(test, a_service_is_disabled_without_a_section_or_by_itself);
    tcase_add_test(test, a_service_is_disabled_by_others_between_init_and_serve);
    tcase_add_test(test, the_mistakes_of_all_sections_are_told_at_once);
    tcase_add_test(test, a_name_is_taken_once_and_before_init);
    tcase_add_test(test, nothing_to_serve_is_done_at_once);
    tcase_add_test(test, the_last_one_is_freed_first);
    return test;
}
