/* Broken sections and the exact words that they get. Each lets a person mend the file. */
#include <string.h>

#include "sample.h"
#include "suite.h"

#define INTERVAL "interval must be at least one second, or a duration such as \"100ms\""
#define DURATION "; write text such as \"250ms\", \"1m30s\" or \"1.5h\", or a number of seconds"
#define SIZE "; write text such as \"64MiB\" or \"512KB\", or a number of bytes"
#define KEYS "interval, count, ratio, format, version, colour, limit, plugins, workers"
#define EXPECTED_LIMIT                                                                             \
    "a size from 1KiB to 1GiB: text such as \"64MiB\" or \"512KB\", or a number of bytes"
#define EXPECTED_INTERVAL                                                                          \
    "a duration of at least 1ms: text such as \"250ms\" or \"1m30s\", or a number of seconds"
#define EXPECTED_TIMEOUT                                                                           \
    "a duration of at most 1h: text such as \"250ms\" or \"1m30s\", or a number of seconds"

/* Whole files. */
static const struct {
    const char *text;
    const char *words;
} FILES[] = {
    {"ticker:\n    internal: 1\n    workers.command: \"php app.php\"\n",
     ".rr.yaml:2:5: ticker.internal: unknown key; did you mean \"interval\"?"},
    {"ticker:\n    interval: 0\n    workers.command: \"php app.php\"\n",
     ".rr.yaml:2:15: ticker.interval: " INTERVAL},
    {"ticker:\n", ".rr.yaml:1:1: ticker.workers: missing; write it below \"ticker\", such as "
                  "workers: {\"command\": \"php app.php\"}"},
    {"", ".rr.yaml:1:1: ticker.workers: missing; write it below \"ticker\", such as workers: "
         "{\"command\": \"php app.php\"}"},
    {"ticker: 5\n",
     ".rr.yaml:1:9: ticker: found the integer 5; expected a mapping with the keys " KEYS},
    {"ticker: [workers]\n",
     ".rr.yaml:1:9: ticker: found a list; expected a mapping with the keys " KEYS},
    {"ticker:\n  interval\n",
     ".rr.yaml:2:3: ticker: found the text \"interval\"; expected a mapping with the keys " KEYS},
    {"ticker:\n  workers:\n    pool: {num_workers: 2}\n",
     ".rr.yaml:2:3: ticker.workers.command: missing; write it below \"ticker.workers\", such as "
     "command: \"php app.php\""},
    {"ticker:\n  workers.pool.num_workers: 2\n",
     ".rr.yaml:2:3: ticker.workers.command: missing; write it below \"ticker.workers\", such as "
     "command: \"php app.php\""},
    {"ticker:\n  workers: php app.php\n",
     ".rr.yaml:2:12: ticker.workers: found the text \"php app.php\"; expected a mapping with the "
     "keys command, env, pool"},
    {"ticker:\n  command: php app.php\n",
     ".rr.yaml:2:3: ticker.command: unknown key; did you mean \"workers.command\"?"},
    {"ticker:\n  workers: {comand: php app.php}\n",
     ".rr.yaml:2:13: ticker.workers.comand: unknown key; did you mean \"command\"?"},
    /* all of a file at once, in its order */
    {"ticker:\n  zzz: 1\n  workers:\n    env: {A: 1, B: true}\n    pool: {num_workers: two}\n  "
     "count: 0\n",
     ".rr.yaml:2:3: ticker.zzz: unknown key; known are " KEYS "\n"
     ".rr.yaml:3:3: ticker.workers.command: missing; write it below \"ticker.workers\", such as "
     "command: \"php app.php\"\n"
     ".rr.yaml:4:14: ticker.workers.env.A: found the integer 1; expected text; put it in quotes\n"
     ".rr.yaml:4:20: ticker.workers.env.B: found true; expected text; put it in quotes\n"
     ".rr.yaml:5:25: ticker.workers.pool.num_workers: found the text \"two\"; expected an integer "
     "from 1 to 500\n"
     ".rr.yaml:6:10: ticker.count: found the integer 0; expected an integer of at least 1"},
    /* where an alias is written is where it is mended */
    {"x: &x {internal: 1}\nticker: {<<: *x, workers.command: a}\n",
     ".rr.yaml:1:8: ticker.internal: unknown key; did you mean \"interval\"?"},
};

START_TEST(says_how_to_mend_a_file)
{
    sample_expect(sample_check(FILES[_i].text, NULL), FILES[_i].words);
}
END_TEST

/* One line each, after a right `workers.command`; the place of the line comes first. */
static const struct {
    const char *line;
    const char *words;
} LINES[] = {
    {"interval: -1", "3:13: ticker.interval: " INTERVAL},
    {"interval: 0ms", "3:13: ticker.interval: " INTERVAL},
    {"interval: -5s",
     "3:13: ticker.interval: \"-5s\" is not a duration: it can't be negative" DURATION},
    {"interval: 5min", "3:13: ticker.interval: \"5min\" is not a duration: there is no unit "
                       "\"min\", only d, h, m, s and ms" DURATION},
    {"interval: \"\"", "3:13: ticker.interval: \"\" is not a duration: it is empty" DURATION},
    {"interval: soon", "3:13: ticker.interval: \"soon\" is not a duration: a number must come "
                       "before each unit" DURATION},
    {"interval:", "3:12: ticker.interval: found nothing; expected " EXPECTED_INTERVAL},
    {"interval: true", "3:13: ticker.interval: found true; expected " EXPECTED_INTERVAL},
    {"interval: [1]", "3:13: ticker.interval: found a list; expected " EXPECTED_INTERVAL},
    {"interval: {a: 1}", "3:13: ticker.interval: found a mapping; expected " EXPECTED_INTERVAL},
    {"interval: 9223372036854776", "3:13: ticker.interval: found the integer 9223372036854776; "
                                   "expected " EXPECTED_INTERVAL "; it is more than can be "
                                   "counted"},
    {"interval: 1e300", "3:13: ticker.interval: found the number 1e300; expected " EXPECTED_INTERVAL
                        "; it is more than can be counted"},
    {"interval: 0.0001",
     "3:13: ticker.interval: found the number 0.0001; expected " EXPECTED_INTERVAL
     "; it is finer than a millisecond"},
    {"Interval_: 1", "3:3: ticker.Interval_: unknown key; did you mean \"interval\"?"},
    {"internal.deep: 1", "3:3: ticker.internal: unknown key; did you mean \"interval\"?"},
    {"num_workers: 2",
     "3:3: ticker.num_workers: unknown key; did you mean \"workers.pool.num_workers\"?"},
    {"workers.num_workers: 2",
     "3:3: ticker.workers.num_workers: unknown key; did you mean \"pool.num_workers\"?"},
    {"workers.pool.num_worker: 2",
     "3:3: ticker.workers.pool.num_worker: unknown key; did you mean \"num_workers\"?"},
    {"workers.pool.threads: 2", "3:3: ticker.workers.pool.threads: unknown key; known are "
                                "num_workers, destroy_timeout"},
    {"workers.pool: {num_workers: 2, numWorkers: 3}",
     "3:34: ticker.workers.pool.numWorkers: given twice, as \"num_workers\" at .rr.yaml:3:18; both "
     "are the same key, keep one of them"},
    {"workers.pool: {numWorkers: 501}", "3:30: ticker.workers.pool.numWorkers: found the integer "
                                        "501; expected an integer from 1 to 500"},
    {"workers.pool.num_workers: \"2\"",
     "3:29: ticker.workers.pool.num_workers: found the text \"2\"; expected an integer from 1 to "
     "500; remove the quotes"},
    {"workers.pool.num_workers: 1.5", "3:29: ticker.workers.pool.num_workers: found the number "
                                      "1.5; expected an integer from 1 to 500"},
    {"workers.pool.num_workers:", "3:28: ticker.workers.pool.num_workers: found nothing; expected "
                                  "an integer from 1 to 500"},
    {"workers.pool.destroy_timeout: 3601", "3:33: ticker.workers.pool.destroy_timeout: found the "
                                           "integer 3601; expected " EXPECTED_TIMEOUT},
    {"workers.pool.destroy_timeout: -1",
     "3:33: ticker.workers.pool.destroy_timeout: found the "
     "integer -1; expected " EXPECTED_TIMEOUT "; it can't be negative"},
    {"workers.env: [A]", "3:16: ticker.workers.env: found a list; expected a mapping, lines "
                         "such as NAME: value"},
    {"workers.env.A.B: x", "3:3: ticker.workers.env.A: found a mapping; expected text"},
    {"workers.env: {A: }", "3:20: ticker.workers.env.A: found nothing; expected text"},
    {"count: many", "3:10: ticker.count: found the text \"many\"; expected an integer of at least "
                    "1"},
    {"ratio: 1.1", "3:10: ticker.ratio: found the number 1.1; expected a number from 0 to 1"},
    {"ratio: -1", "3:10: ticker.ratio: found the integer -1; expected a number from 0 to 1"},
    {"format: jsn", "3:11: ticker.format: found the text \"jsn\"; expected one of \"text\", "
                    "\"json\"; did you mean \"json\"?"},
    {"format: xml", "3:11: ticker.format: found the text \"xml\"; expected one of \"text\", "
                    "\"json\""},
    {"format: 1", "3:11: ticker.format: found the integer 1; expected one of \"text\", \"json\""},
    {"version: 3", "3:12: ticker.version: found the integer 3; expected 2"},
    {"colour: yes", "3:11: ticker.colour: found the text \"yes\"; expected true or false"},
    {"colour: \"true\"",
     "3:11: ticker.colour: found the text \"true\"; expected true or false; remove the quotes"},
    {"limit: 64M", "3:10: ticker.limit: \"64M\" is not a size: the units are B, KB, KiB, MB, MiB, "
                   "GB, GiB, TB and TiB" SIZE},
    {"limit: 1000", "3:10: ticker.limit: found the integer 1000; expected " EXPECTED_LIMIT},
    {"limit: 2GiB", "3:10: ticker.limit: found the text \"2GiB\"; expected " EXPECTED_LIMIT},
    {"limit: 2048.5",
     "3:10: ticker.limit: found the number 2048.5; expected " EXPECTED_LIMIT "; it must be whole"},
    {"plugins: a", "3:12: ticker.plugins: found the text \"a\"; expected a list"},
    {"plugins: [a, 1, [b]]",
     "3:16: ticker.plugins[1]: found the integer 1; expected text; put it in quotes\n"
     ".rr.yaml:3:19: ticker.plugins[2]: found a list; expected text"},
    {"\"a\\tb\": 1", "3:3: ticker.a\tb: unknown key; known are " KEYS},
    {"count: \"two\\nlines \\\"x\\\"\"", "3:10: ticker.count: found the text \"two\\nlines "
                                         "\\\"x\\\"\"; expected an integer of at least 1"},
};

START_TEST(says_how_to_mend_a_line)
{
    char text[256];
    char words[1024];
    ck_assert_int_gt(snprintf(text, sizeof text, "ticker:\n  workers.command: php app.php\n  %s\n",
                              LINES[_i].line),
                     0);
    ck_assert_int_gt(snprintf(words, sizeof words, ".rr.yaml:%s", LINES[_i].words), 0);
    sample_expect(sample_check(text, NULL), words);
}
END_TEST

static const struct {
    const char *command;
    const char *words;
} COMMANDS[] = {
    {"\"\"", "the command is empty; write one such as \"php app.php\""},
    {"php a | tee b", "the unquoted \"|\" at character 7 needs a shell, and none is used; put it "
                      "in single quotes to mean it as it stands, or run a shell: sh -c \"...\""},
    {"php 'a", "the single quote at character 5 is never closed; close it, or put a backslash "
               "before it to mean it as it stands"},
};

START_TEST(says_how_to_mend_a_command)
{
    char text[256];
    char words[1024];
    ck_assert_int_gt(
        snprintf(text, sizeof text, "ticker:\n  workers.command: %s\n", COMMANDS[_i].command), 0);
    ck_assert_int_gt(snprintf(words, sizeof words, ".rr.yaml:2:20: ticker.workers.command: %s",
                              COMMANDS[_i].words),
                     0);
    sample_expect(sample_check(text, NULL), words);
}
END_TEST

START_TEST(shows_a_long_text_in_part)
{
    sample_expect(
        sample_check("ticker:\n  workers.command: x\n  count: "
                     "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\n",
                     NULL),
        ".rr.yaml:3:10: ticker.count: found the text \"éééééééééééééééééééééééééééééééééééééééé..."
        "\"; expected an integer of at least 1");
}
END_TEST

TCase *broken_case(void);
TCase *broken_case(void)
{
    TCase *test = tcase_create("broken");
    tcase_add_loop_test(test, says_how_to_mend_a_file, 0, sizeof FILES / sizeof *FILES);
    tcase_add_loop_test(test, says_how_to_mend_a_line, 0, sizeof LINES / sizeof *LINES);
    tcase_add_loop_test(test, says_how_to_mend_a_command, 0, sizeof COMMANDS / sizeof *COMMANDS);
    tcase_add_test(test, shows_a_long_text_in_part);
    return test;
}
