/* Whether the libphp that was loaded is the one that this was built for. Its soname, libphp.so,
   does not say, and another version's structs would be misread. */
#ifndef COYOTE_EMBED_VERSION_H
#define COYOTE_EMBED_VERSION_H

#include "embed_runtime.h"

/* Once the engine is started. STATUS_ECONFIG for another minor
   version, a ZTS or a debug build, with the way to mend it. */
int embed_version_check(struct error *error);

/* For the command version. Starts PHP, which does not tell before. */
void embed_version_print(void);

#endif
