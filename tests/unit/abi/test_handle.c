#include <pthread.h>
#include <stdint.h>

#include "handle.h"
#include "suite.h"

static int object;
static int other;

START_TEST(a_handle_finds_its_object_until_it_is_taken)
{
    void *handle = handle_new(HANDLE_POOL, &object);
    ck_assert_ptr_nonnull(handle);
    ck_assert_ptr_eq(handle_find(HANDLE_POOL, handle), &object);
    ck_assert_ptr_null(handle_find(HANDLE_REPLY, handle));
    ck_assert_ptr_null(handle_take(HANDLE_REPLY, handle));
    ck_assert_ptr_eq(handle_take(HANDLE_POOL, handle), &object);
    ck_assert_ptr_null(handle_find(HANDLE_POOL, handle));
    ck_assert_ptr_null(handle_take(HANDLE_POOL, handle));
}
END_TEST

START_TEST(a_stale_handle_does_not_find_its_slots_next_object)
{
    void *stale = handle_new(HANDLE_POOL, &object);
    handle_take(HANDLE_POOL, stale);
    void *fresh = handle_new(HANDLE_POOL, &other);
    ck_assert_ptr_ne(stale, fresh);
    ck_assert_ptr_null(handle_find(HANDLE_POOL, stale));
    ck_assert_ptr_eq(handle_find(HANDLE_POOL, fresh), &other);
    handle_take(HANDLE_POOL, fresh);
}
END_TEST

START_TEST(any_number_is_refused_unless_it_is_a_handle)
{
    void *real = handle_new(HANDLE_REPLY, &object);
    const uintptr_t numbers[] = {0,
                                 1,
                                 2,
                                 15,
                                 16,
                                 4096,
                                 UINTPTR_MAX,
                                 UINTPTR_MAX >> 1,
                                 (uintptr_t)&object,
                                 (uintptr_t)real + 1};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const void *handle = (const void *)numbers[i];
        if (handle != real) {
            ck_assert_ptr_null(handle_find(HANDLE_REPLY, handle));
        }
    }
    handle_take(HANDLE_REPLY, real);
}
END_TEST

/* What a small number, cast to a handle, would be taken for. */
START_TEST(no_small_number_is_ever_a_handle)
{
    enum { SMALL = 100000 };
    void *handles[20];
    for (size_t i = 0; i < 20; i++) {
        handles[i] = handle_new(HANDLE_REPLY, &object);
        ck_assert_uint_gt((uintptr_t)handles[i], SMALL);
    }
    for (size_t i = 0; i < 20; i++) {
        handle_take(HANDLE_REPLY, handles[i]);
    }
}
END_TEST

START_TEST(many_live_handles_are_told_apart)
{
    enum { MANY = 5000 };
    static int objects[MANY];
    static void *handles[MANY];
    for (int i = 0; i < MANY; i++) {
        handles[i] = handle_new(HANDLE_REPLY, &objects[i]);
    }
    for (int i = 0; i < MANY; i++) {
        ck_assert_ptr_eq(handle_find(HANDLE_REPLY, handles[i]), &objects[i]);
    }
    for (int i = 0; i < MANY; i++) {
        ck_assert_ptr_eq(handle_take(HANDLE_REPLY, handles[i]), &objects[i]);
    }
}
END_TEST

static void *churn(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20000; i++) {
        int mine;
        void *handle = handle_new(HANDLE_REPLY, &mine);
        if (handle_find(HANDLE_REPLY, handle) != &mine ||
            handle_take(HANDLE_REPLY, handle) != &mine) {
            return &object;
        }
    }
    return NULL;
}

START_TEST(threads_may_make_and_take_handles_at_once)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, churn, NULL), 0);
    }
    for (int i = 0; i < 4; i++) {
        void *failed;
        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
}
END_TEST

TCase *handle_case(void);
TCase *handle_case(void)
{
    TCase *test = tcase_create("handle");
    tcase_add_test(test, a_handle_finds_its_object_until_it_is_taken);
    tcase_add_test(test, a_stale_handle_does_not_find_its_slots_next_object);
    tcase_add_test(test, any_number_is_refused_unless_it_is_a_handle);
    tcase_add_test(test, no_small_number_is_ever_a_handle);
    tcase_add_test(test, many_live_handles_are_told_apart);
    tcase_add_test(test, threads_may_make_and_take_handles_at_once);
    return test;
}
