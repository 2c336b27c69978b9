/* bindings.h must stand by itself, twice, under the strictest flags. */
/* twice on purpose */
/* clang-format off */
#include <bindings.h>
/* clang-format on */

int main(void)
{
    coy_pool *pool = coy_pool_new("php worker.php");
    coy_pool_free(pool);
    return coy_abi_version() < 0 ? 1 : 0;
}
