#include <string.h>

#include "source/host/host_source.h"
#include "suite.h"

static size_t room;
static size_t told_ready;
static size_t told_failed;
static struct error error;

static size_t say_room(const struct source_host *host)
{
    (void)host;
    return room;
}

static void hear_ready(const struct source_host *host)
{
    (void)host;
    told_ready++;
}

static void hear_failure(const struct source_host *host, const struct error *reason)
{
    (void)host;
    ck_assert_int_eq(reason->status, STATUS_ESOURCE);
    ck_assert_str_eq(error_text(reason), "the broker is away");
    told_failed++;
}

static const struct source_host surroundings = {
    .service = "orders",
    .room = say_room,
    .ready = hear_ready,
    .fail = hear_failure,
};

static struct host_source *host;
static const struct source_kind *kind;
static struct source *source;

static void make(void)
{
    room = 0;
    told_ready = 0;
    told_failed = 0;
    source = NULL;
    host = host_source_new("orders", &error);
    ck_assert_ptr_nonnull(host);
    kind = host_source_kind(host);
}

static void end(void)
{
    if (source != NULL) {
        kind->close(source);
    }
    host_source_free(host);
    error_clear(&error);
}

static void serve(void)
{
    ck_assert_int_eq(kind->open(kind, "{}", &surroundings, &source, &error), STATUS_OK);
    ck_assert_ptr_eq(source->kind, kind);
    ck_assert_int_eq(kind->start(source, &error), STATUS_OK);
}

static int64_t push(const char *body)
{
    const struct payload payload = {bytes_of_text("context"), bytes_of_text(body)};
    return host_source_push(host, &payload, &error);
}

static void expect_event(const char *body, const char *id, const char *key, struct event *event)
{
    ck_assert_int_eq(kind->next(source, event, &error), SOURCE_EVENT);
    ck_assert(bytes_equal(event->payload.context, bytes_of_text("context")));
    ck_assert(bytes_equal(event->payload.body, bytes_of_text(body)));
    ck_assert(bytes_equal(event->id, bytes_of_text(id)));
    ck_assert(bytes_equal(event->key, bytes_of_text(key)));
}

static void settle(const struct event *event, enum outcome outcome, const char *answer)
{
    const struct reply reply = {
        .outcome = outcome,
        .may_have_run = true,
        .payload = {.body = bytes_of_text(answer)},
        .pid = 4242,
    };
    ck_assert_int_eq(kind->settle(source, event, &reply, &error), STATUS_OK);
}

static void expect_outcome(uint64_t number, enum outcome outcome, const char *answer)
{
    struct taken_reply *taken = host_source_take(host);
    ck_assert_ptr_nonnull(taken);
    ck_assert_uint_eq(taken->id, number);
    ck_assert_int_eq(taken->reply.outcome, outcome);
    ck_assert_int_eq(taken->reply.may_have_run, outcome != OUTCOME_CANCELLED);
    ck_assert(bytes_equal(taken->reply.payload.body, bytes_of_text(answer)));
    taken_reply_free(taken);
}

START_TEST(events_go_in_their_order_and_come_back_by_their_number)
{
    struct event first, second, none;
    serve();
    ck_assert_int_eq(kind->next(source, &none, &error), SOURCE_NONE);
    ck_assert_int_eq(push("a"), 1);
    ck_assert_int_eq(push("b"), 2);
    ck_assert_uint_eq(told_ready, 2);
    expect_event("a", "1", "", &first);
    expect_event("b", "2", "", &second);
    ck_assert_uint_eq(first.attempt, 1);
    ck_assert_int_eq(kind->next(source, &none, &error), SOURCE_NONE);
    ck_assert(host_source_is_owed(host));
    ck_assert(!host_source_has_outcome(host));
    settle(&second, OUTCOME_OK, "done b");
    settle(&first, OUTCOME_CRASHED, "");
    ck_assert(!host_source_is_owed(host));
    ck_assert(host_source_has_outcome(host));
    expect_outcome(2, OUTCOME_OK, "done b");
    expect_outcome(1, OUTCOME_CRASHED, "");
    ck_assert_ptr_null(host_source_take(host));
}
END_TEST

START_TEST(id_key_and_attempt_are_of_the_next_event_alone)
{
    struct event event;
    serve();
    ck_assert_int_eq(host_source_set_id(host, bytes_of_text("order 17"), &error), STATUS_OK);
    ck_assert_int_eq(host_source_set_key(host, bytes_of_text("first try"), &error), STATUS_OK);
    ck_assert_int_eq(host_source_set_key(host, (struct bytes){"k\0y", 3}, &error), STATUS_OK);
    ck_assert_int_eq(host_source_set_attempt(host, 3, &error), STATUS_OK);
    push("a");
    push("b");
    ck_assert_int_eq(kind->next(source, &event, &error), SOURCE_EVENT);
    ck_assert(bytes_equal(event.id, bytes_of_text("order 17")));
    ck_assert(bytes_equal(event.key, (struct bytes){"k\0y", 3}));
    ck_assert_uint_eq(event.attempt, 3);
    settle(&event, OUTCOME_OK, "");
    expect_event("b", "2", "", &event);
    ck_assert_uint_eq(event.attempt, 1);
    settle(&event, OUTCOME_OK, "");
}
END_TEST

START_TEST(no_more_wait_than_the_capacity_beyond_the_room)
{
    struct event event;
    ck_assert_int_eq(host_source_set_capacity(host, 2, &error), STATUS_OK);
    ck_assert_uint_eq(host_source_room(host), 0);
    push("a");
    push("b");
    ck_assert_int_eq(host_source_set_key(host, bytes_of_text("kept"), &error), STATUS_OK);
    ck_assert_int_eq(push("c"), STATUS_EFULL);
    ck_assert_str_eq(error_text(&error), "2 events of \"orders\" wait already, and workers are "
                                         "busy: push again when one is settled");
    serve();
    room = 1;
    ck_assert_uint_eq(host_source_room(host), 0);
    ck_assert_int_eq(push("c"), 3);
    ck_assert_int_eq(push("d"), STATUS_EFULL);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(kind->next(source, &event, &error), SOURCE_EVENT);
        settle(&event, OUTCOME_OK, "");
    }
    room = 4;
    ck_assert_uint_eq(host_source_room(host), 3);
    /* what was set for a push that was refused is of the next one that is not */
    expect_event("c", "3", "kept", &event);
    settle(&event, OUTCOME_OK, "");
    ck_assert_uint_eq(host_source_room(host), 4);
}
END_TEST

START_TEST(the_capacity_may_change_under_what_waits)
{
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(push("x"), i + 1);
    }
    ck_assert_int_eq(host_source_set_capacity(host, 3, &error), STATUS_OK);
    ck_assert_int_eq(push("x"), STATUS_EFULL);
    serve();
    room = 7;
    ck_assert_int_eq(push("x"), STATUS_EFULL);
    room = 8;
    ck_assert_int_eq(push("x"), 11);
}
END_TEST

START_TEST(the_end_comes_behind_what_waits)
{
    struct event event;
    room = 5;
    serve();
    push("a");
    host_source_end(host);
    host_source_end(host);
    ck_assert_uint_eq(host_source_room(host), 0);
    ck_assert_int_eq(push("b"), STATUS_ESTATE);
    ck_assert_str_eq(error_text(&error),
                     "\"orders\" was told that it has no more events: it takes no more events");
    expect_event("a", "1", "", &event);
    struct event none;
    ck_assert_int_eq(kind->next(source, &none, &error), SOURCE_END);
    settle(&event, OUTCOME_OK, "");
    expect_outcome(1, OUTCOME_OK, "");
}
END_TEST

START_TEST(what_waits_is_cancelled_when_nothing_is_taken_any_more)
{
    struct event event;
    serve();
    push("a");
    push("b");
    push("c");
    expect_event("a", "1", "", &event);
    kind->halt(source);
    ck_assert_int_eq(host_source_state(host), HOST_SOURCE_ENDED);
    expect_outcome(2, OUTCOME_CANCELLED, "");
    expect_outcome(3, OUTCOME_CANCELLED, "");
    ck_assert(host_source_is_owed(host));
    settle(&event, OUTCOME_OK, "late");
    expect_outcome(1, OUTCOME_OK, "late");
    ck_assert_int_eq(push("d"), STATUS_ESTATE);
    ck_assert_uint_eq(host_source_room(host), 0);
}
END_TEST

START_TEST(without_a_service_all_is_cancelled)
{
    push("a");
    host_source_leave(host, HOST_SOURCE_ABSENT, "it is disabled");
    host_source_leave(host, HOST_SOURCE_ENDED, "the server has ended");
    ck_assert_int_eq(host_source_state(host), HOST_SOURCE_ABSENT);
    struct taken_reply *taken = host_source_take(host);
    ck_assert_int_eq(taken->reply.outcome, OUTCOME_CANCELLED);
    ck_assert_str_eq(taken->reply.message.data, "it is disabled");
    taken_reply_free(taken);
    ck_assert_int_eq(push("b"), STATUS_ESTATE);
}
END_TEST

START_TEST(a_failure_is_told_at_once_and_the_first_one_counts)
{
    serve();
    ck_assert_int_eq(host_source_fail(host, "the broker is away", &error), STATUS_OK);
    ck_assert_int_eq(host_source_fail(host, "and more", &error), STATUS_OK);
    ck_assert_uint_eq(told_failed, 1);
    ck_assert_int_eq(push("a"), STATUS_ESTATE);
}
END_TEST

START_TEST(a_failure_before_the_start_is_that_of_the_opening)
{
    push("a");
    ck_assert_int_eq(host_source_fail(host, "the broker is away", &error), STATUS_OK);
    ck_assert_int_eq(kind->open(kind, "{}", &surroundings, &source, &error), STATUS_ESOURCE);
    ck_assert_str_eq(error_text(&error), "the broker is away");
    expect_outcome(1, OUTCOME_CANCELLED, "");
    ck_assert_int_eq(host_source_state(host), HOST_SOURCE_ENDED);
}
END_TEST

START_TEST(a_source_freed_amid_everything)
{
    struct event event;
    serve();
    for (int i = 0; i < 5; i++) {
        push("x");
    }
    ck_assert_int_eq(kind->next(source, &event, &error), SOURCE_EVENT);
    settle(&event, OUTCOME_OK, "");
    /* the sanitizer finds what is left */
}
END_TEST

START_TEST(what_is_impossible_is_refused)
{
    static const char byte;
    struct payload huge = {{&byte, PTRDIFF_MAX}, {&byte, PTRDIFF_MAX}};
    ck_assert_int_eq(host_source_push(host, &huge, &error), STATUS_EMEMORY);
    ck_assert_int_eq(host_source_set_key(host, (struct bytes){&byte, (size_t)1 << 32}, &error),
                     STATUS_ETOOBIG);
    static const int64_t capacities[] = {INT64_MIN, -1, 0, 1000001, INT64_MAX};
    for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++) {
        ck_assert_int_eq(host_source_set_capacity(host, capacities[i], &error), STATUS_EINVAL);
    }
    static const int64_t attempts[] = {INT64_MIN, -1, 0, (int64_t)UINT32_MAX + 1, INT64_MAX};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        ck_assert_int_eq(host_source_set_attempt(host, attempts[i], &error), STATUS_EINVAL);
    }
    ck_assert_int_eq(host_source_set_capacity(host, 1000000, &error), STATUS_OK);
    ck_assert_int_eq(push("a"), 1);
}
END_TEST

static const struct {
    const char *name;
    bool right;
} names[] = {{"orders", true}, {"My_orders-2", true}, {"", false},      {"or.ders", false},
             {"a b", false},   {"\xc3\xa4", false},   {"a=b", false},   {"a[0]", false},
             {"a\n", false},   {"-", true},           {"a/../b", false}};

START_TEST(names_of_kinds)
{
    struct host_source *made = host_source_new(names[_i].name, &error);
    ck_assert_int_eq(made != NULL, names[_i].right);
    if (!names[_i].right) {
        ck_assert_int_eq(error.status, STATUS_EINVAL);
        ck_assert_ptr_nonnull(strstr(error_text(&error), "letters, digits, _ and -"));
    }
    host_source_free(made);
}
END_TEST

static const struct {
    const char *schema;
    const char *words; /* NULL: it is right */
} schemas[] = {
    {"{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"integer\"}}}", NULL},
    {"{}", NULL},
    {"", "line 1"},
    {"{", "line 1"},
    {"[]", "must be an object"},
    {"{\"type\": \"string\"}", "\"type\" must be \"object\""},
    {"{\"type\": [\"object\", \"string\"]}", "\"type\" must be \"object\""},
    {"{\"type\": 5}", "must be a type"},
    {"{\"properties\": {\"workers\": {}}}", "source and workers are every service's own"},
    {"{\"properties\": {\"source\": {}}}", "source and workers are every service's own"},
    {"{\"properties\": {\"a\": {\"aliases\": [\"workers\"]}}}", "property \"a\""},
    {"{\"properties\": {\"a\": {\"format\": \"date\"}}}", "duration, size or command"},
    {"{\"pattern\": \"x\"}", "\"pattern\" is no word of the language"},
    {"{\"required\": [\"a\"]}", "\"a\" is required but no property"},
};

START_TEST(schemas_are_checked_at_once)
{
    int status = host_source_set_schema(host, schemas[_i].schema, &error);
    if (schemas[_i].words == NULL) {
        ck_assert_int_eq(status, STATUS_OK);
        ck_assert_str_eq(kind->schema, schemas[_i].schema);
    } else {
        ck_assert_int_eq(status, STATUS_EINVAL);
        ck_assert_msg(strstr(error_text(&error), schemas[_i].words) != NULL, "%s",
                      error_text(&error));
        ck_assert_ptr_null(kind->schema);
    }
}
END_TEST

START_TEST(variables_are_lines_of_the_kind)
{
    ck_assert_ptr_null(kind->environment);
    ck_assert_int_eq(host_source_set_variable(host, "", "x", &error), STATUS_EINVAL);
    ck_assert_int_eq(host_source_set_variable(host, "A=B", "x", &error), STATUS_EINVAL);
    ck_assert_int_eq(host_source_set_variable(host, "A", "x=y", &error), STATUS_OK);
    ck_assert_int_eq(host_source_set_variable(host, "B", "", &error), STATUS_OK);
    ck_assert_str_eq(kind->environment[0], "A=x=y");
    ck_assert_str_eq(kind->environment[1], "B=");
    ck_assert_ptr_null(kind->environment[2]);
}
END_TEST

TCase *host_case(void);
TCase *host_case(void)
{
    TCase *test = tcase_create("host");
    tcase_add_checked_fixture(test, make, end);
    tcase_add_test(test, events_go_in_their_order_and_come_back_by_their_number);
    tcase_add_test(test, id_key_and_attempt_are_of_the_next_event_alone);
    tcase_add_test(test, no_more_wait_than_the_capacity_beyond_the_room);
    tcase_add_test(test, the_capacity_may_change_under_what_waits);
    tcase_add_test(test, the_end_comes_behind_what_waits);
    tcase_add_test(test, what_waits_is_cancelled_when_nothing_is_taken_any_more);
    tcase_add_test(test, without_a_service_all_is_cancelled);
    tcase_add_test(test, a_failure_is_told_at_once_and_the_first_one_counts);
    tcase_add_test(test, a_failure_before_the_start_is_that_of_the_opening);
    tcase_add_test(test, a_source_freed_amid_everything);
    tcase_add_test(test, what_is_impossible_is_refused);
    tcase_add_loop_test(test, names_of_kinds, 0, sizeof names / sizeof *names);
    tcase_add_loop_test(test, schemas_are_checked_at_once, 0, sizeof schemas / sizeof *schemas);
    tcase_add_test(test, variables_are_lines_of_the_kind);
    return test;
}
