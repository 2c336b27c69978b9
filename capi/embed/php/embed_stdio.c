#include "embed_stdio.h"

#include <php.h>

static const struct {
    const char *constant;
    const char *url;
    const char *mode;
} standard[] = {
    {"STDIN", "php://stdin", "rb"},
    {"STDOUT", "php://stdout", "wb"},
    {"STDERR", "php://stderr", "wb"},
};

static php_stream *open_standard(size_t index)
{
    return php_stream_open_wrapper_ex((char *)(uintptr_t)standard[index].url, standard[index].mode,
                                      0, NULL, NULL);
}

/* Under the name cli PHP hands out the descriptor itself, not a duplicate, to the first who opens
   one of these in a process: a script that closed it would close the server's. */
static void take_the_first(void)
{
    static bool taken;
    if (taken) {
        return;
    }
    taken = true;
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++) {
        php_stream *stream = open_standard(i);
        if (stream != NULL) {
            stream->flags |= PHP_STREAM_FLAG_NO_CLOSE;
            php_stream_close(stream);
        }
    }
}

void embed_stdio_define(void)
{
    take_the_first();
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++) {
        php_stream *stream = open_standard(i);
        if (stream != NULL) {
            zend_constant constant;
            php_stream_to_zval(stream, &constant.value);
            ZEND_CONSTANT_SET_FLAGS(&constant, 0, 0);
            constant.name =
                zend_string_init_interned(standard[i].constant, strlen(standard[i].constant), 0);
            zend_register_constant(&constant);
        }
    }
}
