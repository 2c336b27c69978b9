#include "embed_script.h"

#include <php.h>

#include <SAPI.h>
#include <errno.h>
#include <php_main.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "embed_errors.h"
#include "embed_stdio.h"

static FILE *open_script(struct embed_runtime *runtime)
{
    const char *script = runtime->command->argv[0];
    FILE *file = fopen(script, "rbe");
    struct stat found;
    if (file == NULL) {
        embed_errors_fail(runtime, "Could not open input file: %s: %s", script, strerror(errno));
    } else if (fstat(fileno(file), &found) == 0 && S_ISDIR(found.st_mode)) {
        embed_errors_fail(runtime, "Could not open input file: %s is a directory", script);
        fclose(file);
        file = NULL;
    }
    return file;
}

static void execute(struct embed_runtime *runtime, FILE *file, int *exit_status)
{
    zend_file_handle handle;
    zend_stream_init_fp(&handle, file, runtime->command->argv[0]);
    handle.primary_script = true;
    CG(skip_shebang) = true;
    SG(options) |= SAPI_OPTION_NO_CHDIR; /* the command line leaves the working directory alone */
    zend_try
    {
        embed_stdio_define();
        php_execute_script(&handle);
    }
    zend_end_try();
    *exit_status = EG(exit_status);
    if (CG(unclean_shutdown)) {
        embed_errors_fail(runtime, "PHP ended the script without saying why");
    }
    zend_destroy_file_handle(&handle);
}

void embed_script_run(struct embed_runtime *runtime, int *exit_status)
{
    FILE *file = open_script(runtime);
    if (file == NULL) {
        *exit_status = 1;
        return;
    }
    char *path = realpath(runtime->command->argv[0], NULL);
    SG(request_info).argc = runtime->command->argc;
    SG(request_info).argv = runtime->command->argv;
    SG(request_info).path_translated = path;
    if (php_request_startup() == SUCCESS) {
        execute(runtime, file, exit_status);
    } else {
        embed_errors_fail(runtime, "PHP could not start a request");
        *exit_status = 255;
        fclose(file);
    }
    /* Shutdown functions and destructors run here; they may end in a bailout too. */
    zend_try
    {
        php_request_shutdown(NULL);
    }
    zend_end_try();
    SG(request_info).path_translated = NULL;
    free(path);
}
