/* Dotted keys and keys that are given twice. */
#include <string.h>

#include "sample.h"
#include "suite.h"

static const struct {
    const char *text;
    const char *outcome;
} TREES[] = {
    {"workers.command: x\n", "{\"workers\": {\"command\": \"x\"}}"},
    {"a.b.c: 1\na.b.d: 2\na.e: 3\n", "{\"a\": {\"b\": {\"c\": 1, \"d\": 2}, \"e\": 3}}"},
    {"w: {pool: {n: 2}}\nw.command: x\n", "{\"w\": {\"pool\": {\"n\": 2}, \"command\": \"x\"}}"},
    {"w.command: x\nw: {pool: {n: 2}}\n", "{\"w\": {\"command\": \"x\", \"pool\": {\"n\": 2}}}"},
    {"w.pool: {a: 1}\nw: {pool.b: 2}\nw.pool.c: 3\n",
     "{\"w\": {\"pool\": {\"a\": 1, \"b\": 2, \"c\": 3}}}"},
    {"\"a.b\": 1\n'a.c': 2\n", "{\"a\": {\"b\": 1, \"c\": 2}}"},
    {"l:\n- a.b: 1\n  a.c: 2\n", "{\"l\": [{\"a\": {\"b\": 1, \"c\": 2}}]}"},
    {"1: a\ntrue: b\n", "{\"1\": \"a\", \"true\": \"b\"}"},
    {"? a\n: 1\n", "{\"a\": 1}"},

    {"a: 1\nb: 2\na: 3\n", ".rr.yaml:3:1: a: given twice, the first time at .rr.yaml:1:1; keep one "
                           "of them"},
    {"t:\n  a: 1\n  a: 1\nt:\n  a: 2\n",
     ".rr.yaml:3:3: t.a: given twice, the first time at .rr.yaml:2:3; keep one of them\n"
     ".rr.yaml:4:1: t: given twice, the first time at .rr.yaml:1:1; keep one of them"},
    {"w: {command: x}\nw.command: y\n",
     ".rr.yaml:2:1: w.command: given twice, the first time at .rr.yaml:1:5; keep one of them"},
    {"w.command: y\nw: {command: x}\n",
     ".rr.yaml:2:5: w.command: given twice, the first time at .rr.yaml:1:1; keep one of them"},
    {"w.p: {a: 1}\nw.p: {b: 1}\n",
     ".rr.yaml:2:1: w.p: given twice, the first time at .rr.yaml:1:1; keep one of them"},
    {"w: {p: {a: 1}}\nw.p: {b: 1}\nw.p: {c: 1}\n",
     ".rr.yaml:3:1: w.p: given twice, the first time at .rr.yaml:1:5; keep one of them"},
    {"w: 5\nw.command: y\n",
     ".rr.yaml:2:1: w: given twice, the first time at .rr.yaml:1:1; keep one of them"},
    {"w.command: y\nw: 5\n",
     ".rr.yaml:2:1: w: given twice, the first time at .rr.yaml:1:1; keep one of them"},
    {"w: [1]\nw: [2]\n",
     ".rr.yaml:2:1: w: given twice, the first time at .rr.yaml:1:1; keep one of them"},
    {"{\"a\": 1, \"a\": 2}",
     ".rr.yaml:1:10: a: given twice, the first time at .rr.yaml:1:2; keep one of them"},

    {"a..b: 1\n.c: 2\nd.: 3\n. : 4\n",
     ".rr.yaml:1:1: a part of this key is empty; a dot stands between two names, as in "
     "\"workers.command\"\n"
     ".rr.yaml:2:1: a part of this key is empty; a dot stands between two names, as in "
     "\"workers.command\"\n"
     ".rr.yaml:3:1: a part of this key is empty; a dot stands between two names, as in "
     "\"workers.command\"\n"
     ".rr.yaml:4:1: a part of this key is empty; a dot stands between two names, as in "
     "\"workers.command\""},
    {"\"\": 1\n", ".rr.yaml:1:1: a key is empty; write a name before the \":\""},
    {"t: {[a]: 1, {b: 2}: 3}\n",
     ".rr.yaml:1:5: t: a list or a mapping can't be a key; write the key as text\n"
     ".rr.yaml:1:13: t: a list or a mapping can't be a key; write the key as text"},
};

START_TEST(joins_dotted_keys_and_refuses_keys_given_twice)
{
    sample_expect(sample_read(TREES[_i].text, NULL), TREES[_i].outcome);
}
END_TEST

TCase *tree_case(void);
TCase *tree_case(void)
{
    TCase *test = tcase_create("tree");
    tcase_add_loop_test(test, joins_dotted_keys_and_refuses_keys_given_twice, 0,
                        sizeof TREES / sizeof *TREES);
    return test;
}
