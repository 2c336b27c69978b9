#include "embed/process/embed_signals.h"
#include "embed/php/embed_version.h"
#include "embed/inline/inline_server.h"
#include "service/server/server_program.h"

static int run(void *data, struct container *container, struct error *error)
{
    return inline_server_run(data, container, error);
}

int main(int argc, char **argv)
{
    struct inline_server server = {0};
    const struct server_program coyote_embed = {
        .name = "coyote-embed",
        .summary = "Coyote with PHP inside: feeds a PHP script, in this process, from any source "
                   "of events.",
        .factory = inline_server_factory(&server),
        .run = run,
        .at_once = embed_signals_at_once,
        .print_version = embed_version_print,
        .data = &server,
    };
    int code = server_main(&coyote_embed, argc, argv);
    inline_server_free(&server);
    return code;
}
