/* Which libzmq the peers run with. */
#include "zpeer.h"

int main(void)
{
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    printf("%d.%d.%d\n", major, minor, patch);
    return 0;
}
