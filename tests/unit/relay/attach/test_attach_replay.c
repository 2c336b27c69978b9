/* What real servers wrote to real PHP workers (tests/fixtures/goridge): taken as those took it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach_world.h"
#include "transcript.h"

/* What servers never sent but by way of trial. PHP's workers died of most of it; of the rest they made
   something, such as a context out of a control frame. */
static const char *const refused[] = {
    "control_",
    "zero_options",
    "option_beyond_payload",
    "server_wrong_",
    "two_contexts",
    "context_without_raw",
    "body_without_context",
    "body_flag_error",
    "prefix_lengths_differ",
};

static bool is_refused(const char *name)
{
    if (strcmp(name, "control_pid_and_stop") == 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (strncmp(name, refused[i], strlen(refused[i])) == 0) {
            return true;
        }
    }
    return false;
}

struct tally {
    int scenarios;
    int payloads;
    int stopped; /* by the server's word or its end */
    int cut;     /* its stream ends amid a message */
    int refused; /* no message */
};

/* All that the server wrote, as a file to read from: its end is the end of the stream. */
static int server_stream(const json_t *scenario)
{
    struct buffer bytes = {0};
    char path[] = "/tmp/coyote-replay-XXXXXX";
    const json_t *steps = json_object_get(scenario, "steps");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        if (*json_string_value(json_object_get(step, "dir")) == '>') {
            transcript_append(&bytes, step);
        }
    }
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    unlink(path);
    struct bytes all = buffer_unread(&bytes);
    ck_assert_int_eq(write(fd, all.data, all.size), all.size);
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    buffer_free(&bytes);
    return fd;
}

static void replay_scenario(const json_t *scenario, struct tally *tally)
{
    char address[64];
    struct attach *attach = NULL;
    int input = server_stream(scenario);
    int output = open("/dev/null", O_WRONLY);
    snprintf(address, sizeof address, "pipes://fd/%d:fd/%d", input, output);
    ck_assert_int_eq(attach_open(address, &attach, NULL), STATUS_OK);
    int status;
    while ((status = attach_receive(attach, 0, NULL)) == 1) {
        tally->payloads++;
        const struct payload *payload = attach_payload(attach);
        ck_assert_int_eq(attach_error(attach, payload->body, NULL), STATUS_OK);
    }
    const char *name = json_string_value(json_object_get(scenario, "name"));
    int wanted = strcmp(name, "truncated_then_eof") == 0 ? STATUS_ESYSTEM
                 : is_refused(name)                      ? STATUS_EPROTOCOL
                                                         : 0;
    ck_assert_msg(status == wanted, "%s: %d, not %d", name, status, wanted);
    tally->stopped += status == 0;
    tally->cut += status == STATUS_ESYSTEM;
    tally->refused += status == STATUS_EPROTOCOL;
    tally->scenarios++;
    attach_free(attach);
    close(input);
    close(output);
}

static void expect_replay(const char *name, struct tally expected)
{
    struct tally tally = {0};
    json_t *file = transcript_load(name);
    const json_t *scenarios = json_object_get(file, "scenarios");
    for (size_t i = 0; i < json_array_size(scenarios); i++) {
        replay_scenario(json_array_get(scenarios, i), &tally);
    }
    json_decref(file);
    ck_assert_int_eq(tally.scenarios, expected.scenarios);
    ck_assert_int_eq(tally.payloads, expected.payloads);
    ck_assert_int_eq(tally.stopped, expected.stopped);
    ck_assert_int_eq(tally.cut, expected.cut);
    ck_assert_int_eq(tally.refused, expected.refused);
}

START_TEST(a_server_of_roadrunner_1)
{
    expect_replay(
        "v1.json",
        (struct tally){.scenarios = 94, .payloads = 99, .stopped = 80, .cut = 1, .refused = 13});
}
END_TEST

START_TEST(a_server_of_roadrunner_2)
{
    expect_replay(
        "v2.3.json",
        (struct tally){.scenarios = 115, .payloads = 115, .stopped = 101, .cut = 1, .refused = 13});
}
END_TEST

START_TEST(a_server_of_roadrunner_3)
{
    expect_replay(
        "v3.4.json",
        (struct tally){.scenarios = 130, .payloads = 148, .stopped = 116, .cut = 1, .refused = 13});
}
END_TEST

TCase *attach_replay_case(void);
TCase *attach_replay_case(void)
{
    TCase *test = tcase_create("replay");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, a_server_of_roadrunner_1);
    tcase_add_test(test, a_server_of_roadrunner_2);
    tcase_add_test(test, a_server_of_roadrunner_3);
    return test;
}
