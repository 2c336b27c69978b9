#include "embed_runtime.h"

#include <php.h>

#include <SAPI.h>
#include <fcntl.h>
#include <php_main.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "embed_errors.h"
#include "embed/command/embed_ini.h"
#include "embed_module.h"
#include "embed_sapi.h"
#include "embed_script.h"
#include "embed_version.h"

/* libphp has the scan directory of another SAPI compiled in; only this variable overrides it. */
static zend_result start_with_scan_path(sapi_module_struct *sapi, zend_module_entry *module)
{
    static const char variable[] = "PHP_INI_SCAN_DIR";
    const char *value = getenv(variable);
    char *before = value == NULL ? NULL : strdup(value);
    char *path = embed_ini_scan_path(value);
    if (path != NULL) {
        setenv(variable, path, 1);
    }
#if PHP_VERSION_ID >= 80200
    zend_result result = php_module_startup(sapi, module);
#else
    zend_result result = php_module_startup(sapi, module, 1);
#endif
    if (before != NULL) {
        setenv(variable, before, 1);
    } else {
        unsetenv(variable);
    }
    free(before);
    free(path);
    return result;
}

static int start(struct embed_runtime *runtime, struct error *error)
{
    signal(SIGPIPE, SIG_IGN); /* as PHP's command line does */
#ifdef ZEND_SIGNALS
    zend_signal_startup();
    SIGG(reset) = 0; /* INT, TERM, HUP, QUIT, USR1 and USR2 stay the server's */
#endif
    sapi_module_struct *sapi = embed_sapi_startup(runtime);
    if (start_with_scan_path(sapi, embed_module_entry(runtime)) != SUCCESS) {
        return error_set(error, STATUS_ESYSTEM, "PHP could not start: see the lines above");
    }
    runtime->started = true;
    int status = embed_version_check(error);
    if (status == STATUS_OK) {
        embed_errors_install(runtime);
    }
    return status;
}

int embed_runtime_start(struct embed_runtime *runtime, const struct embed_command *command,
                        struct embed_host *host, struct log *log, const char *service,
                        struct error *error)
{
    *runtime = (struct embed_runtime){
        .command = command, .host = host, .output = {.log = log, .service = service}};
    runtime->binary = embed_ini_binary(command->program);
    runtime->ini_entries = embed_ini_entries(command);
    bool ignored = command->no_ini && command->ini_path == NULL;
    runtime->ini_path = ignored ? NULL : embed_ini_search_path(command, runtime->binary);
    runtime->directory = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (runtime->ini_entries == NULL || (runtime->ini_path == NULL && !ignored)) {
        return error_memory(error);
    }
    return start(runtime, error);
}

void embed_runtime_run(struct embed_runtime *runtime, struct embed_ending *ending)
{
    *ending = (struct embed_ending){0};
    embed_errors_forget(runtime);
    if (runtime->directory >= 0 && fchdir(runtime->directory) != 0) {
        embed_errors_fail(runtime, "the working directory is gone");
    } else {
        embed_script_run(runtime, &ending->exit_status);
    }
    embed_output_flush(&runtime->output);
    if (runtime->failed) {
        ending->failure = runtime->failure == NULL ? "a fatal error" : runtime->failure;
    }
}

void embed_runtime_stop(struct embed_runtime *runtime)
{
    if (runtime->command == NULL) {
        return;
    }
    if (runtime->started) {
        php_module_shutdown();
        sapi_shutdown();
        runtime->started = false;
    }
    if (runtime->directory >= 0) {
        close(runtime->directory);
    }
    embed_output_free(&runtime->output);
    embed_errors_forget(runtime);
    free(runtime->binary);
    free(runtime->ini_entries);
    free(runtime->ini_path);
}
