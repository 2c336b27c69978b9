#ifndef COYOTE_TESTS_UNIT_SUITE_H
#define COYOTE_TESTS_UNIT_SUITE_H

#include <check.h>

/* What a program tests; made of test cases that its other files give as TCase *x_case(void). */
Suite *unit_suite(void);

#endif
