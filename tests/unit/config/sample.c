#include "sample.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

const char sample_schema[] =
    "{\"type\": \"object\", \"required\": [\"workers\"], \"properties\": {"
    "  \"interval\": {\"type\": [\"string\", \"integer\"], \"format\": \"duration\","
    "     \"default\": 1, \"minimum\": 1, \"errorMessage\":"
    "     \"interval must be at least one second, or a duration such as \\\"100ms\\\"\"},"
    "  \"count\": {\"type\": \"integer\", \"minimum\": 1},"
    "  \"ratio\": {\"type\": \"number\", \"minimum\": 0, \"maximum\": 1},"
    "  \"format\": {\"enum\": [\"text\", \"json\"]},"
    "  \"version\": {\"const\": 2},"
    "  \"colour\": {\"type\": \"boolean\"},"
    "  \"limit\": {\"type\": [\"string\", \"integer\"], \"format\": \"size\","
    "     \"minimum\": 1024, \"maximum\": 1073741824},"
    "  \"plugins\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}},"
    "  \"workers\": {\"type\": \"object\", \"required\": [\"command\"], \"properties\": {"
    "    \"command\": {\"type\": \"string\", \"format\": \"command\","
    "       \"examples\": [\"php app.php\"]},"
    "    \"env\": {\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}},"
    "    \"pool\": {\"type\": \"object\", \"properties\": {"
    "      \"num_workers\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 500,"
    "         \"default\": 1, \"aliases\": [\"numWorkers\"]},"
    "      \"destroy_timeout\": {\"type\": [\"string\", \"integer\"], \"format\": \"duration\","
    "         \"default\": \"1m\", \"maximum\": 3600000, \"aliases\": [\"destroyTimeout\"]}"
    "    }}"
    "  }}"
    "}}";

static char *outcome(struct config *config, int status, struct error *error)
{
    char *text = NULL;
    if (status == STATUS_OK) {
        ck_assert_int_eq(error->status, STATUS_OK);
        text = json_dumps(config_find(config, ""), 0);
    } else {
        ck_assert_int_eq(error->status, status);
        text = strdup(error_text(error));
    }
    ck_assert_ptr_nonnull(text);
    error_clear(error);
    config_free(config);
    return text;
}

static int read_all(struct config *config, const char *text, const char *const *options,
                    struct error *error)
{
    int status = config_read_text(config, ".rr.yaml", text, strlen(text), error);
    for (; status == STATUS_OK && options != NULL && *options != NULL; options++) {
        status = config_override(config, *options, error);
    }
    return status;
}

char *sample_read(const char *text, const char *const *options)
{
    struct config *config = config_new();
    struct error error = {0};
    int status = read_all(config, text, options, &error);
    return outcome(config, status, &error);
}

char *sample_check(const char *text, const char *const *options)
{
    struct config *config = config_new();
    struct error error = {0};
    json_t *schema = schema_parse(sample_schema, &error);
    ck_assert_msg(schema != NULL, "%s", error_text(&error));
    int status = read_all(config, text, options, &error);
    if (status == STATUS_OK) {
        status = config_check(config, "ticker", schema, &error);
    }
    json_decref(schema);
    return outcome(config, status, &error);
}

void sample_expect(char *outcome, const char *expected)
{
    ck_assert_str_eq(outcome, expected);
    free(outcome);
}
