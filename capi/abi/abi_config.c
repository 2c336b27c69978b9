/* Group: config. */
#include <bindings.h>

coy_config *coy_config_new(void)
{
    return NULL;
}

int coy_config_read_file(coy_config *config, const char *path)
{
    (void)config;
    (void)path;
    return COY_ESTATE;
}

int coy_config_read_text(coy_config *config, const char *name, const void *text, size_t size)
{
    (void)config;
    (void)name;
    (void)text;
    (void)size;
    return COY_ESTATE;
}

int coy_config_set(coy_config *config, const char *key, const char *value)
{
    (void)config;
    (void)key;
    (void)value;
    return COY_ESTATE;
}

const char *coy_config_get(coy_config *config, const char *key)
{
    (void)config;
    (void)key;
    return NULL;
}

const char *coy_config_position(coy_config *config, const char *key)
{
    (void)config;
    (void)key;
    return NULL;
}

void coy_config_free(coy_config *config)
{
    (void)config;
}
