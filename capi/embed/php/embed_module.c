#include "embed_module.h"

#include <ext/spl/spl_exceptions.h>
#include <zend_exceptions.h>

#define NAMESPACE "Coyote\\Embed"

static struct embed_runtime *current;

/* The answer's strings live here, not in copies, until the host is through with them. */
static struct {
    zend_string *first;
    zend_string *second;
} answer;

void embed_module_release(void)
{
    if (answer.first != NULL) {
        zend_string_release(answer.first);
        answer.first = NULL;
    }
    if (answer.second != NULL) {
        zend_string_release(answer.second);
        answer.second = NULL;
    }
}

static struct bytes bytes_of(const zend_string *string)
{
    return (struct bytes){ZSTR_VAL(string), ZSTR_LEN(string)};
}

/* Whether there is an event to answer; otherwise a LogicException is on its way. */
static bool check_in_hand(const char *function)
{
    switch (current->host->event) {
    case EMBED_EVENT_IN_HAND:
        return true;
    case EMBED_EVENT_ANSWERED:
        zend_throw_exception_ex(
            spl_ce_LogicException, 0,
            NAMESPACE "\\%s(): this event is answered already: call receive() for the next "
                      "one first",
            function);
        return false;
    case EMBED_EVENT_NONE:
        break;
    }
    zend_throw_exception_ex(spl_ce_LogicException, 0,
                            NAMESPACE
                            "\\%s(): there is no event to answer: call receive() first, and answer "
                            "only when it did not return null",
                            function);
    return false;
}

static void set_text(zval *value, struct bytes text)
{
    if (text.size == 0) {
        ZVAL_EMPTY_STRING(value); /* its data may be NULL */
    } else {
        ZVAL_STRINGL_FAST(value, text.data, text.size);
    }
}

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_receive, 0, 0, IS_STRING, 1)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(1, context, IS_STRING, 1, "null")
ZEND_END_ARG_INFO()

static ZEND_NAMED_FUNCTION(function_receive)
{
    zval *context = NULL;
    ZEND_PARSE_PARAMETERS_START(0, 1)
    Z_PARAM_OPTIONAL
    Z_PARAM_ZVAL(context)
    ZEND_PARSE_PARAMETERS_END();

    embed_output_flush(&current->output);
    struct payload event;
    bool received = current->host->receive(current->host, &event);
    embed_module_release();
    if (!received) {
        if (context != NULL) {
            ZEND_TRY_ASSIGN_REF_NULL(context);
        }
        RETURN_NULL();
    }
    if (context != NULL) {
        zval text;
        set_text(&text, event.context);
        ZEND_TRY_ASSIGN_REF_TMP(context, &text);
    }
    set_text(return_value, event.body);
}

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_send, 0, 0, IS_VOID, 0)
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, body, IS_STRING, 0, "\"\"")
ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, context, IS_STRING, 0, "\"\"")
ZEND_END_ARG_INFO()

static ZEND_NAMED_FUNCTION(function_send)
{
    zend_string *body = zend_empty_string;
    zend_string *context = zend_empty_string;
    ZEND_PARSE_PARAMETERS_START(0, 2)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR(body)
    Z_PARAM_STR(context)
    ZEND_PARSE_PARAMETERS_END();

    if (!check_in_hand("send")) {
        RETURN_THROWS();
    }
    answer.first = zend_string_copy(body);
    answer.second = zend_string_copy(context);
    struct payload payload = {.context = bytes_of(context), .body = bytes_of(body)};
    current->host->answer(current->host, OUTCOME_OK, payload, (struct bytes){0});
}

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_error, 0, 1, IS_VOID, 0)
ZEND_ARG_TYPE_INFO(0, message, IS_STRING, 0)
ZEND_END_ARG_INFO()

static ZEND_NAMED_FUNCTION(function_error)
{
    zend_string *message;
    ZEND_PARSE_PARAMETERS_START(1, 1)
    Z_PARAM_STR(message)
    ZEND_PARSE_PARAMETERS_END();

    if (!check_in_hand("error")) {
        RETURN_THROWS();
    }
    answer.first = zend_string_copy(message);
    current->host->answer(current->host, OUTCOME_ERROR, (struct payload){0}, bytes_of(message));
}

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_stop, 0, 0, IS_VOID, 0)
ZEND_END_ARG_INFO()

static ZEND_NAMED_FUNCTION(function_stop)
{
    ZEND_PARSE_PARAMETERS_NONE();
    current->host->stop(current->host);
}

static const zend_function_entry functions[] = {
    ZEND_NS_NAMED_FE(NAMESPACE, receive, function_receive, arginfo_receive)
        ZEND_NS_NAMED_FE(NAMESPACE, send, function_send, arginfo_send)
            ZEND_NS_NAMED_FE(NAMESPACE, error, function_error, arginfo_error)
                ZEND_NS_NAMED_FE(NAMESPACE, stop, function_stop, arginfo_stop) ZEND_FE_END};

static zend_module_entry module = {
    STANDARD_MODULE_HEADER,     "coyote", functions, NULL, NULL, NULL, NULL, NULL, COYOTE_VERSION,
    STANDARD_MODULE_PROPERTIES,
};

zend_module_entry *embed_module_entry(struct embed_runtime *runtime)
{
    current = runtime;
    return &module;
}

void embed_module_withhold(void)
{
    module.functions = NULL;
}
