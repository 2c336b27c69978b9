#include "embed_ini.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* php_cli.c, HARDCODED_INI: on the command line these win over php.ini. */
static const char command_line_settings[] = "html_errors=0\n"
                                            "register_argc_argv=1\n"
                                            "implicit_flush=1\n"
                                            "output_buffering=0\n"
                                            "max_execution_time=0\n"
                                            "max_input_time=-1\n";

/* The buffer's text with its NUL; the buffer is spent. */
static char *take_text(struct buffer *buffer, int status)
{
    if (status == STATUS_OK) {
        status = buffer_append(buffer, (struct bytes){"", 1});
    }
    if (status != STATUS_OK) {
        buffer_free(buffer);
        return NULL;
    }
    return buffer->data; /* nothing was consumed: it starts at the front */
}

char *embed_ini_entries(const struct embed_command *command)
{
    struct buffer text = {0};
    int status = buffer_append(&text, bytes_of_text(command_line_settings));
    if (status == STATUS_OK) {
        status = buffer_append(&text, buffer_unread(&command->ini));
    }
    return take_text(&text, status);
}

char *embed_ini_search_path(const struct embed_command *command, const char *binary)
{
    if (command->ini_path != NULL) {
        return strdup(command->ini_path);
    }
    struct buffer text = {0};
    int status = STATUS_OK;
    const char *phprc = getenv("PHPRC");
    if (phprc != NULL && phprc[0] != '\0') {
        struct stat found;
        if (stat(phprc, &found) == 0 && !S_ISDIR(found.st_mode)) {
            return strdup(phprc);
        }
        status = buffer_print(&text, "%s:", phprc);
    }
    const char *slash = binary == NULL ? NULL : strrchr(binary, '/');
    if (status == STATUS_OK && slash != NULL) {
        status = buffer_print(&text, "%.*s:", (int)(slash - binary), binary);
    }
    if (status == STATUS_OK) {
        status = buffer_append(&text, bytes_of_text(COYOTE_PHP_INI_PATH));
    }
    return take_text(&text, status);
}

char *embed_ini_scan_path(const char *from_environment)
{
    if (from_environment == NULL) {
        return strdup(COYOTE_PHP_INI_SCAN_DIR);
    }
    struct buffer text = {0};
    int status = STATUS_OK;
    for (const char *element = from_environment; element != NULL && status == STATUS_OK;) {
        const char *colon = strchr(element, ':');
        size_t length = colon == NULL ? strlen(element) : (size_t)(colon - element);
        bool built_in = length == 0 && from_environment[0] != '\0';
        status = buffer_print(&text, "%s%.*s%s", element == from_environment ? "" : ":",
                              (int)length, element, built_in ? COYOTE_PHP_INI_SCAN_DIR : "");
        element = colon == NULL ? NULL : colon + 1;
    }
    return take_text(&text, status);
}

static char *executable(const char *path)
{
    char *real = realpath(path, NULL);
    if (real != NULL && access(real, X_OK) != 0) {
        free(real);
        real = NULL;
    }
    return real;
}

static char *look_up(const char *name)
{
    char *found = NULL;
    const char *folder = getenv("PATH");
    while (folder != NULL && found == NULL) {
        const char *colon = strchr(folder, ':');
        size_t length = colon == NULL ? strlen(folder) : (size_t)(colon - folder);
        struct buffer path = {0};
        int status = buffer_print(&path, "%.*s/%s", (int)length, folder, name);
        char *text = take_text(&path, status);
        found = length == 0 || text == NULL ? NULL : executable(text);
        free(text);
        folder = colon == NULL ? NULL : colon + 1;
    }
    return found;
}

char *embed_ini_binary(const char *program)
{
    char *found = strchr(program, '/') != NULL ? executable(program) : look_up(program);
    return found != NULL ? found : executable(COYOTE_PHP_BINARY);
}
