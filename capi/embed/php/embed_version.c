#include "embed_version.h"

#include <php.h>

#include <php_version.h>
#include <stdio.h>

const char *embed_runtime_loaded(void)
{
    const zval *version = zend_get_constant_str("PHP_VERSION", strlen("PHP_VERSION"));
    return version == NULL || Z_TYPE_P(version) != IS_STRING ? "?" : Z_STRVAL_P(version);
}

static bool constant_is_true(const char *name)
{
    const zval *value = zend_get_constant_str(name, strlen(name));
    return value != NULL && Z_TYPE_P(value) == IS_TRUE;
}

int embed_version_check(struct error *error)
{
    const char *dot = strrchr(PHP_VERSION, '.');
    if (strncmp(embed_runtime_loaded(), PHP_VERSION, (size_t)(dot - PHP_VERSION) + 1) != 0) {
        return error_set(error, STATUS_ECONFIG,
                         "coyote-embed was built for PHP %d.%d, but the libphp.so that was loaded "
                         "is PHP %s: install libphp%d.%d-embed, or build coyote-embed again",
                         PHP_MAJOR_VERSION, PHP_MINOR_VERSION, embed_runtime_loaded(),
                         PHP_MAJOR_VERSION, PHP_MINOR_VERSION);
    }
    const char *wrong = constant_is_true("ZEND_THREAD_SAFE")   ? "a thread-safe (ZTS)"
                        : constant_is_true("ZEND_DEBUG_BUILD") ? "a debug"
                                                               : NULL;
    if (wrong != NULL) {
        return error_set(error, STATUS_ECONFIG,
                         "the libphp.so that was loaded (PHP %s) is %s build: coyote-embed needs "
                         "the plain NTS build, as its headers are",
                         embed_runtime_loaded(), wrong);
    }
    return STATUS_OK;
}

void embed_version_print(void)
{
    const struct embed_command bare = {.program = "php", .no_ini = true};
    struct embed_runtime runtime;
    struct error error = {0};
    if (embed_runtime_start(&runtime, &bare, NULL, NULL, NULL, &error) == STATUS_OK) {
        printf("PHP %s (libphp, built for %s)\n", embed_runtime_loaded(), PHP_VERSION);
    } else {
        printf("PHP: %s\n", error_text(&error));
    }
    embed_runtime_stop(&runtime);
    error_clear(&error);
}
