#include "embed_sapi.h"

#include <php_variables.h>

#include "embed_module.h"
#include "embed_version.h"

static struct embed_runtime *current;

static size_t on_write(const char *text, size_t size)
{
    embed_output_write(&current->output, (struct bytes){text, size});
    return size;
}

/* With implicit_flush this comes after each echo, so it can't end a line. */
static void on_flush(void *context)
{
    (void)context;
}

static void on_log(const char *message, int syslog_level)
{
    embed_output_message(&current->output, message, syslog_level);
}

static int on_header(sapi_header_struct *header, sapi_header_op_enum operation,
                     sapi_headers_struct *headers)
{
    (void)header;
    (void)operation;
    (void)headers;
    return 0;
}

static int on_send_headers(sapi_headers_struct *headers)
{
    (void)headers;
    return SAPI_HEADER_SENT_SUCCESSFULLY;
}

static void on_send_header(sapi_header_struct *header, void *context)
{
    (void)header;
    (void)context;
}

static char *on_read_cookies(void)
{
    return NULL;
}

static void register_text(const char *name, const char *text, zval *variables)
{
    php_register_variable_safe(name, text, strlen(text), variables);
}

/* $_SERVER as the command line fills it: the environment, then the script's names. */
static void on_server_variables(zval *variables)
{
    const char *script = current->command->argv[0];
    php_import_environment_variables(variables);
    register_text("PHP_SELF", script, variables);
    register_text("SCRIPT_NAME", script, variables);
    register_text("SCRIPT_FILENAME", script, variables);
    register_text("PATH_TRANSLATED", script, variables);
    register_text("DOCUMENT_ROOT", "", variables);
}

/* After shutdown functions and destructors, while the request's memory is still there: an answer
   that one of them gave counts too. */
static int on_deactivate(void)
{
    if (current->host != NULL) {
        current->host->leave(current->host);
    }
    embed_module_release();
    return SUCCESS;
}

/* Comes when the engine has started, and before the modules are looked at. */
static void on_ini_defaults(HashTable *configuration)
{
    if (embed_version_check(NULL) != STATUS_OK) {
        embed_module_withhold();
    }
    zval on;
    ZVAL_NEW_STR(&on, zend_string_init("1", 1, true));
    zend_hash_str_update(configuration, "display_errors", strlen("display_errors"), &on);
}

static sapi_module_struct module = {
    .name = (char *)(uintptr_t) "cli",
    .pretty_name = (char *)(uintptr_t) "Coyote with PHP inside",
    .deactivate = on_deactivate,
    .ub_write = on_write,
    .flush = on_flush,
    .sapi_error = php_error,
    .header_handler = on_header,
    .send_headers = on_send_headers,
    .send_header = on_send_header,
    .read_cookies = on_read_cookies,
    .register_server_variables = on_server_variables,
    .log_message = on_log,
    .php_ini_ignore_cwd = 1,
    .ini_defaults = on_ini_defaults,
    .phpinfo_as_text = 1,
};

sapi_module_struct *embed_sapi_startup(struct embed_runtime *runtime)
{
    current = runtime;
    sapi_startup(&module);
    /* after it, since it clears some of them */
    module.executable_location = runtime->binary;
    module.ini_entries = runtime->ini_entries;
    module.php_ini_path_override = runtime->ini_path;
    module.php_ini_ignore = runtime->command->no_ini;
    return &module;
}
