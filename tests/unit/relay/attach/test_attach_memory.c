/* Each allocation fails in turn, and none happens once there were a few payloads. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach_world.h"
#include "failing_memory.h"

TCase *attach_memory_case(void);

/* Check's own assertions allocate: between arming and disarming there is none of them. */

static void talk(const struct world *world)
{
    struct buffer bytes = {0};
    char large[20000];
    memset(large, 'l', sizeof large);
    append_pid(world, &bytes);
    append_exec(world, &bytes, payload_of_text("context", "one"));
    append_exec(world, &bytes, (struct payload){{large, 9000}, {large, sizeof large}});
    append_exec(world, &bytes, payload_of_text("", "three"));
    world_give(world, &bytes);
    buffer_free(&bytes);
}

/* Nothing but a STATUS_EMEMORY now and then. Returns how many payloads came as they should. */
static int take_three(struct attach *attach)
{
    static const size_t sizes[] = {3, 20000, 5};
    int payloads = 0;
    while (payloads < 3) {
        int status = attach_receive(attach, 0, NULL);
        if (status == STATUS_EMEMORY) {
            continue;
        }
        if (status != 1 || attach_payload(attach)->body.size != sizes[payloads]) {
            return payloads;
        }
        while ((status = attach_error(attach, bytes_of_text("no"), NULL)) == STATUS_EMEMORY) {
        }
        if (status != STATUS_OK) {
            return payloads;
        }
        payloads++;
    }
    return payloads;
}

START_TEST(no_allocation_that_fails_loses_anything)
{
    bool failed = true;
    int number = 0;
    for (; failed; number++) {
        struct world world = world_open(_i);
        talk(&world);
        failing_memory_arm(number, false);
        int payloads = take_three(world.attach);
        failed = failing_memory_disarm();
        ck_assert_msg(payloads == 3, "allocation %d: %d payloads", number, payloads);
        world_close(&world);
    }
    ck_assert_int_gt(number, 3);
}
END_TEST

START_TEST(an_open_that_fails_leaves_nothing)
{
    bool failed = true;
    for (int number = 0; failed; number++) {
        struct attach *attach = NULL;
        failing_memory_arm(number, false);
        int status = attach_open("pipes://fd/0:fd/1", &attach, NULL);
        failed = failing_memory_disarm();
        ck_assert_int_eq(status, failed ? STATUS_EMEMORY : STATUS_OK);
        attach_free(attach);
    }
}
END_TEST

START_TEST(steady_work_allocates_nothing)
{
    struct world world = world_greeted(_i);
    char came[400];
    struct buffer bytes = {0};
    int wrong = 0;
    append_exec(&world, &bytes, payload_of_text("context", "body"));
    append_exec(&world, &bytes, payload_of_text("", "another body"));
    ssize_t back = world.v2 ? 4 * 17 + 23 : 2 * 16 + 23;
    for (int i = 0; i < 500; i++) {
        if (i == 20) {
            failing_memory_count();
        }
        wrong += write(world.to_worker, bytes.data, bytes.end) != (ssize_t)bytes.end;
        for (int j = 0; j < 2; j++) {
            wrong += attach_receive(world.attach, 1000, NULL) != 1;
            wrong += attach_send(world.attach, attach_payload(world.attach), NULL) != STATUS_OK;
        }
        wrong += read(world.from_worker, came, sizeof came) != back;
    }
    ck_assert_int_eq(failing_memory_counted(), 0);
    ck_assert_int_eq(wrong, 0);
    buffer_free(&bytes);
    world_close(&world);
}
END_TEST

TCase *attach_memory_case(void)
{
    TCase *test = tcase_create("memory");
    tcase_set_timeout(test, 60);
    tcase_add_loop_test(test, no_allocation_that_fails_loses_anything, 0, WORLDS);
    tcase_add_test(test, an_open_that_fails_leaves_nothing);
    tcase_add_loop_test(test, steady_work_allocates_nothing, 0, WORLDS);
    return test;
}
