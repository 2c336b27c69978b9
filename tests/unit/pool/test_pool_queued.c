/* A job that waits takes its payload and little more: there may be a million of them. */
#include <malloc.h>
#include <string.h>

#include "fixture.h"

/* One more than the table of ids has room for before it doubles: its worst moment. */
enum { JOBS = (1 << 17) + 1, SLACK = 128, SIZES = 16 };

static const size_t smallest[] = {1, 100, 1000};

static char bytes[2048];

static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* malloc rounds up to 16 bytes: each remainder once. */
START_TEST(a_queued_job_takes_128_bytes_beyond_its_payload_at_the_most)
{
    size_t size = smallest[_i / SIZES] + (size_t)(_i % SIZES);
    const struct payload payload = {{bytes, size / 2}, {bytes, size - size / 2}};
    start_pool();
    size_t before = in_use();
    for (int i = 0; i < JOBS; i++) {
        if (pool_host_submit(host, &payload, NULL, NULL) < 0) {
            ck_abort_msg("job %d was not taken", i);
        }
    }
    double each = (double)(in_use() - before) / JOBS;
    ck_assert_msg(each >= (double)size, "nothing was kept? %g bytes each", each);
    ck_assert_msg(each <= (double)size + SLACK, "%g bytes for a payload of %zu", each, size);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pool_queued");
    TCase *test = tcase_create("queued");
    tcase_set_timeout(test, 60);
    tcase_add_checked_fixture(test, fixture_setup, fixture_teardown);
    tcase_add_loop_test(test, a_queued_job_takes_128_bytes_beyond_its_payload_at_the_most, 0,
                        SIZES * (int)(sizeof smallest / sizeof *smallest));
    suite_add_tcase(suite, test);
    return suite;
}
