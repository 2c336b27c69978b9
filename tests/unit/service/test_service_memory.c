/* A program's server where memory runs out at each allocation in turn, and one that in the long run needs
   none. */
#include <stdio.h>
#include <string.h>

#include "pool/failing_memory.h"
#include "service/host/server_host.h"
#include "suite.h"

enum { ALLOCATIONS_MOST = 5000 };

static const char yaml[] = "log: {level: error}\n"
                           "orders: {batch: 3, workers: {command: 'no-such-program'}}\n";

/* Check allocates too, so all is judged after the run. */
struct run {
    const char *wrong; /* NULL: nothing */
    int pushed;
    int settled;
};

static void demand(struct run *run, bool truth, const char *text)
{
    if (!truth && run->wrong == NULL) {
        run->wrong = text;
    }
}

static bool is_known(int status)
{
    return status == STATUS_OK || status == STATUS_EMEMORY;
}

static void push(struct run *run, struct host_source *orders)
{
    const struct payload payload = {bytes_of_text("context"), bytes_of_text("body")};
    int status = host_source_set_key(orders, bytes_of_text("key"), NULL);
    demand(run, is_known(status), "a key was refused");
    int64_t number = host_source_push(orders, &payload, NULL);
    demand(run, number > 0 || number == STATUS_EMEMORY, "a push was refused");
    run->pushed += number > 0;
}

static void take_all(struct run *run, struct server_host *server, struct host_source *orders)
{
    struct taken_reply *taken = NULL;
    while (server_host_next(server, orders, 0, &taken, NULL) == STATUS_OK) {
        demand(run, taken->reply.outcome == OUTCOME_CANCELLED, "an outcome of another kind");
        demand(run, !taken->reply.may_have_run, "it can't have run");
        run->settled++;
        taken_reply_free(taken);
    }
}

static void live(struct run *run, struct server_host *server)
{
    struct error error = {0};
    struct host_source *orders = server_host_register(server, "orders", &error);
    demand(run, orders != NULL || error.status == STATUS_EMEMORY, "the kind was refused");
    if (orders != NULL) {
        static const char schema[] = "{\"properties\": {\"batch\": {\"type\": \"integer\"}}}";
        demand(run, is_known(host_source_set_schema(orders, schema, NULL)), "the schema");
        demand(run, is_known(host_source_set_variable(orders, "A", "b", NULL)), "the variable");
        push(run, orders);
        push(run, orders);
        int status = server_host_prepare(server, &error);
        demand(run, status == error.status || status == STATUS_OK, "status and error differ");
        if (status == STATUS_OK) {
            push(run, orders);
        }
        /* no worker can be started: it ends by itself */
        for (status = 1; status == 1;) {
            status = server_host_step(server, 1000, &error);
        }
        demand(run, status < 0, "it ended well");
        take_all(run, server, orders);
        demand(run, run->settled == run->pushed, "an event was not settled");
    }
    error_clear(&error);
}

static struct run run_once(struct config *config)
{
    struct run run = {0};
    struct server_host *server = server_host_new(config, NULL);
    if (server == NULL) {
        config_free(config);
        return run;
    }
    live(&run, server);
    server_host_free(server);
    return run;
}

START_TEST(every_event_is_settled_whatever_allocation_fails)
{
    int number = 0;
    for (bool failed = true; failed; number++) {
        struct config *config = config_new();
        ck_assert_int_eq(config_read_text(config, "test.yaml", yaml, sizeof yaml - 1, NULL), 0);
        failing_memory_arm(number, _i == 1);
        struct run run = run_once(config);
        failed = failing_memory_disarm();
        ck_assert_msg(run.wrong == NULL, "%s, when allocation %d fails", run.wrong, number);
        ck_assert_int_lt(number, ALLOCATIONS_MOST);
        ck_assert(failed || run.pushed > 0);
    }
    ck_assert_int_gt(number, 50);
}
END_TEST

/* --- in the long run --- */

static size_t say_room(const struct source_host *host)
{
    (void)host;
    return 1;
}

static void hear(const struct source_host *host)
{
    (void)host;
}

static void pass_one(struct host_source *orders, const struct source_kind *kind,
                     struct source *source)
{
    struct event event;
    const struct payload payload = {bytes_of_text("context"), bytes_of_text("body")};
    const struct reply reply = {.payload.body = bytes_of_text("an answer")};
    host_source_set_key(orders, bytes_of_text("key"), NULL);
    host_source_set_id(orders, bytes_of_text("an id"), NULL);
    host_source_push(orders, &payload, NULL);
    kind->next(source, &event, NULL);
    kind->settle(source, &event, &reply, NULL);
    taken_reply_free(host_source_take(orders));
}

START_TEST(in_the_long_run_an_event_allocates_nothing)
{
    const struct source_host surroundings = {.room = say_room, .ready = hear};
    struct host_source *orders = host_source_new("orders", NULL);
    const struct source_kind *kind = host_source_kind(orders);
    struct source *source = NULL;
    kind->open(kind, "{}", &surroundings, &source, NULL);
    kind->start(source, NULL);
    for (int i = 0; i < 100; i++) {
        pass_one(orders, kind, source);
    }
    failing_memory_count();
    for (int i = 0; i < 10000; i++) {
        pass_one(orders, kind, source);
    }
    int counted = failing_memory_counted();
    ck_assert_int_eq(counted, 0);
    kind->close(source);
    host_source_free(orders);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("service memory");
    TCase *test = tcase_create("memory");
    tcase_set_timeout(test, 120);
    tcase_add_loop_test(test, every_event_is_settled_whatever_allocation_fails, 0, 2);
    tcase_add_test(test, in_the_long_run_an_event_allocates_nothing);
    suite_add_tcase(suite, test);
    return suite;
}
