#include "base/descriptor_limit.h"

#include <stdbool.h>
#include <sys/resource.h>

/* Written before there are children. */
static bool raised;
static struct rlimit inherited;

void descriptor_limit_raise(void)
{
    if (raised || getrlimit(RLIMIT_NOFILE, &inherited) != 0) {
        return;
    }
    const struct rlimit most = {inherited.rlim_max, inherited.rlim_max};
    raised = inherited.rlim_cur != inherited.rlim_max && setrlimit(RLIMIT_NOFILE, &most) == 0;
}

void descriptor_limit_give_back(void)
{
    if (raised) {
        setrlimit(RLIMIT_NOFILE, &inherited);
    }
}
