/* Group: source. */
#include <bindings.h>

int coy_source_set_schema(coy_source *source, const char *schema)
{
    (void)source;
    (void)schema;
    return COY_ESTATE;
}

int coy_source_set_environment(coy_source *source, const char *name, const char *value)
{
    (void)source;
    (void)name;
    (void)value;
    return COY_ESTATE;
}

int coy_source_set_capacity(coy_source *source, int64_t events)
{
    (void)source;
    (void)events;
    return COY_ESTATE;
}

const char *coy_source_section(coy_source *source)
{
    (void)source;
    return NULL;
}

int coy_source_disable(coy_source *source)
{
    (void)source;
    return COY_ESTATE;
}

int coy_source_state(coy_source *source)
{
    (void)source;
    return COY_ESTATE;
}

int64_t coy_source_room(coy_source *source)
{
    (void)source;
    return COY_ESTATE;
}

int coy_source_set_id(coy_source *source, const void *id, size_t size)
{
    (void)source;
    (void)id;
    (void)size;
    return COY_ESTATE;
}

int coy_source_set_key(coy_source *source, const void *key, size_t size)
{
    (void)source;
    (void)key;
    (void)size;
    return COY_ESTATE;
}

int coy_source_set_attempt(coy_source *source, int64_t attempt)
{
    (void)source;
    (void)attempt;
    return COY_ESTATE;
}

int64_t coy_source_push(coy_source *source, const void *context, size_t context_size,
                        const void *body, size_t body_size)
{
    (void)source;
    (void)context;
    (void)context_size;
    (void)body;
    (void)body_size;
    return COY_ESTATE;
}

coy_reply *coy_source_next_settled(coy_source *source, int64_t timeout_ms)
{
    (void)source;
    (void)timeout_ms;
    return NULL;
}

int coy_source_end(coy_source *source)
{
    (void)source;
    return COY_ESTATE;
}

int coy_source_fail(coy_source *source, const char *reason)
{
    (void)source;
    (void)reason;
    return COY_ESTATE;
}
