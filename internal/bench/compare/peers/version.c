/*
 * Which libzmq the peers run with, and which libsodium that came with it.
 *
 *   version
 *   version curve     fails where this libzmq has no CURVE
 */
#include "zpeer.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
    int major, minor, patch;
    if (argc > 1 && !zmq_has(argv[1])) {
        fprintf(stderr, "this libzmq was built without %s\n", argv[1]);
        return 1;
    }
    zmq_version(&major, &minor, &patch);
    printf("%d.%d.%d", major, minor, patch);
    const char *(*sodium)(void) = (const char *(*)(void))dlsym(RTLD_DEFAULT, "sodium_version_string");
    if (sodium != NULL)
        printf(" with libsodium %s", sodium());
    printf("\n");
    return 0;
}
