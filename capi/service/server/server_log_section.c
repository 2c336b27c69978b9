#include "service/server/server_log_section.h"

#include <stdbool.h>

#include "config/schema.h"

static const char section_schema[] =
    "{\"type\": \"object\", \"properties\": {"
    " \"level\": {\"type\": \"string\", \"enum\": [\"debug\", \"info\", \"warning\", \"error\"]},"
    " \"format\": {\"type\": \"string\", \"enum\": [\"text\", \"json\"]}"
    "}}";

int server_log_section_read(struct config *config, const char **level, const char **format,
                            struct error *error)
{
    int status = STATUS_OK;
    if (config_find(config, "log") != NULL) {
        json_t *schema = schema_parse(section_schema, error);
        status = schema == NULL ? error->status : config_check(config, "log", schema, error);
        json_decref(schema);
    }
    bool right = status == STATUS_OK;
    *level = right ? json_string_value(config_find(config, "log.level")) : NULL;
    *format = right ? json_string_value(config_find(config, "log.format")) : NULL;
    return status;
}
