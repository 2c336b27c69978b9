#include "abi_fixture.h"

#include <string.h>

const char obedient[] = PHP " " FIXTURES "/workers/obedient.php";

coy_pool *new_pool(void)
{
    coy_pool *pool = coy_pool_new(obedient);
    ck_assert_msg(pool != NULL, "%s", coy_error_message());
    ck_assert_int_eq(coy_pool_set(pool, "num_workers", "1"), COY_OK);
    return pool;
}

coy_pool *started_pool(void)
{
    coy_pool *pool = new_pool();
    ck_assert_msg(coy_pool_start(pool, 30000) == COY_OK, "%s", coy_error_message());
    return pool;
}

int64_t submit_body(coy_pool *pool, const char *body)
{
    int64_t job = coy_pool_submit(pool, NULL, 0, body, strlen(body));
    ck_assert_msg(job > 0, "%s", coy_error_message());
    return job;
}

coy_reply *exec_body(coy_pool *pool, const char *body)
{
    return coy_pool_exec(pool, NULL, 0, body, strlen(body), 30000);
}

void expect_outcome(coy_reply *reply, int outcome)
{
    ck_assert_msg(reply != NULL, "%s", coy_error_message());
    ck_assert_msg(coy_reply_outcome(reply) == outcome, "not %d, but %d: %s", outcome,
                  coy_reply_outcome(reply), (const char *)coy_reply_message(reply));
    coy_reply_free(reply);
}

void expect_body(coy_reply *reply, const char *body)
{
    ck_assert_msg(reply != NULL, "%s", coy_error_message());
    ck_assert_msg(coy_reply_outcome(reply) == COY_OUTCOME_OK, "%s",
                  (const char *)coy_reply_message(reply));
    ck_assert_uint_eq(coy_reply_body_size(reply), strlen(body));
    ck_assert_str_eq(coy_reply_body(reply), body);
    coy_reply_free(reply);
}

void expect_error(int status, const char *words)
{
    ck_assert_msg(coy_error_status() == status, "not %d, but %d: %s", status, coy_error_status(),
                  coy_error_message());
    ck_assert_msg(strstr(coy_error_message(), words) != NULL, "\"%s\" is not in: %s", words,
                  coy_error_message());
}
