#include "scalar.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char DIGITS[] = "0123456789";

static bool is_one_of(const char *text, const char *const *words)
{
    while (*words != NULL && strcmp(text, *words) != 0) {
        words++;
    }
    return *words != NULL;
}

/* Whether the text is a number. *value stays NULL with a *problem, or when memory ran out. */
static bool integer_resolve(const char *text, int base, json_t **value, const char **problem)
{
    errno = 0;
    long long number = strtoll(text, NULL, base);
    if (errno == ERANGE) {
        *problem = "this integer is too large to be counted; put it in quotes if it is text";
    } else {
        *value = json_integer(number);
    }
    return true;
}

/* The program that we run in may have set a locale with a decimal comma. */
static bool real_resolve(const char *text, json_t **value, const char **problem)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", NULL);
    if (plain == NULL) {
        return true;
    }
    double number = strtod_l(text, NULL, plain);
    freelocale(plain);
    if (!isfinite(number)) {
        *problem = "this number is too large to be counted; put it in quotes if it is text";
    } else {
        *value = json_real(number);
    }
    return true;
}

/* A point among digits, an exponent, or both. */
static bool is_real(const char *text)
{
    text += *text == '+' || *text == '-';
    size_t whole = strspn(text, DIGITS);
    text += whole;
    size_t fraction = 0;
    if (*text == '.') {
        fraction = strspn(text + 1, DIGITS);
        text += 1 + fraction;
    }
    if (whole + fraction == 0) {
        return false;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+' || *text == '-';
        size_t exponent = strspn(text, DIGITS);
        text += exponent;
        return exponent > 0 && *text == '\0';
    }
    return *text == '\0';
}

static bool number_resolve(const char *text, json_t **value, const char **problem)
{
    static const char *const unbounded[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf",
                                            "+.INF", "-.inf", "-.Inf", "-.INF", ".nan",
                                            ".NaN",  ".NAN",  NULL};
    const char *digits = text + (*text == '+' || *text == '-');
    size_t length = strspn(digits, DIGITS);
    if (length > 0 && digits[length] == '\0') {
        return integer_resolve(text, 10, value, problem);
    }
    if (strncmp(text, "0x", 2) == 0 && text[2] != '\0' &&
        text[2 + strspn(text + 2, "0123456789abcdefABCDEF")] == '\0') {
        return integer_resolve(text + 2, 16, value, problem);
    }
    if (strncmp(text, "0o", 2) == 0 && text[2] != '\0' &&
        text[2 + strspn(text + 2, "01234567")] == '\0') {
        return integer_resolve(text + 2, 8, value, problem);
    }
    if (is_one_of(text, unbounded)) {
        *problem = "infinity and not-a-number have no meaning here; put it in quotes if it is text";
        return true;
    }
    return is_real(text) && real_resolve(text, value, problem);
}

json_t *scalar_resolve(const struct node *node, const char **problem)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    *problem = NULL;
    if (memchr(node->text, '\0', node->size) != NULL) {
        *problem = "a NUL character can't stand in a value; remove the escape \"\\0\"";
        return NULL;
    }
    if (node->plain) {
        if (is_one_of(node->text, nulls)) {
            return json_null();
        }
        if (is_one_of(node->text, trues)) {
            return json_true();
        }
        if (is_one_of(node->text, falses)) {
            return json_false();
        }
        json_t *number = NULL;
        if (number_resolve(node->text, &number, problem)) {
            return number;
        }
    }
    return json_stringn_nocheck(node->text, node->size);
}
