/* Group: reply. Accessors leave the last error as it was. */
#include "abi_reply.h"

#include "handle.h"
#include "last_error.h"

#define OUTCOME_SAME(name, value, text)                                                            \
    _Static_assert((int)COY_OUTCOME_##name == (value),                                             \
                   "bindings.h and payload/reply.h differ: " #name);
OUTCOME_LIST(OUTCOME_SAME)

coy_reply *abi_reply_hand_out(int status, struct taken_reply *reply, struct error *error)
{
    void *handle = status == STATUS_OK ? handle_new(HANDLE_REPLY, reply) : NULL;
    if (status == STATUS_OK && handle == NULL) {
        status = error_memory(error);
        taken_reply_free(reply);
    }
    last_error_keep(status, error);
    return handle;
}

static const struct taken_reply *find(const coy_reply *reply)
{
    return handle_find(HANDLE_REPLY, reply);
}

int coy_reply_outcome(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? COY_EHANDLE : (int)found->reply.outcome;
}

int64_t coy_reply_job(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? COY_EHANDLE : (int64_t)found->id;
}

bool coy_reply_may_have_run(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL || found->reply.may_have_run;
}

int64_t coy_reply_pid(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? COY_EHANDLE : (int64_t)found->reply.pid;
}

const void *coy_reply_body(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? NULL : found->reply.payload.body.data;
}

size_t coy_reply_body_size(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? 0 : found->reply.payload.body.size;
}

const void *coy_reply_context(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? NULL : found->reply.payload.context.data;
}

size_t coy_reply_context_size(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? 0 : found->reply.payload.context.size;
}

const void *coy_reply_message(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? NULL : found->reply.message.data;
}

size_t coy_reply_message_size(const coy_reply *reply)
{
    const struct taken_reply *found = find(reply);
    return found == NULL ? 0 : found->reply.message.size;
}

void coy_reply_free(coy_reply *reply)
{
    taken_reply_free(handle_take(HANDLE_REPLY, reply));
}
