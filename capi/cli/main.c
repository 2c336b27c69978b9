#include "base/descriptor_limit.h"
#include "service/event/event_service.h"
#include "service/server/server_program.h"

int main(int argc, char **argv)
{
    descriptor_limit_raise(); /* each worker takes several */
    const struct server_program coyote = {
        .name = "coyote",
        .summary = "Coyote feeds PHP workers from any source of events.",
        .factory = event_pool_factory(),
    };
    return server_main(&coyote, argc, argv);
}
