/* What the peers on libzmq share. */
#ifndef ZPEER_H
#define ZPEER_H

#include "peer.h"
#include <zmq.h>

/* The keys behind the word "curve", which ends a command line: the secret one of
 * a server, or the server's public one and the pair of a client. */
static char **curve;
static int curve_keys;

/* without_curve notes those keys, if any, and counts the words in front. */
static inline int without_curve(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "curve") == 0) {
            curve = argv + i + 1;
            curve_keys = argc - i - 1;
            return i;
        }
    }
    return argc;
}

static inline void set(void *socket, int option, int value)
{
    need(zmq_setsockopt(socket, option, &value, sizeof value) == 0, "zmq_setsockopt");
}

static inline void set_key(void *socket, int option, const char *z85)
{
    need(zmq_setsockopt(socket, option, z85, strlen(z85) + 1) == 0, "CURVE key");
}

/* open_socket gives a socket that speaks CURVE if there are keys. */
static inline void *open_socket(void *context, int type)
{
    void *socket = zmq_socket(context, type);
    need(socket != NULL, "zmq_socket");
    if (curve_keys == 1) {
        set(socket, ZMQ_CURVE_SERVER, 1);
        set_key(socket, ZMQ_CURVE_SECRETKEY, curve[0]);
    } else if (curve_keys == 3) {
        set_key(socket, ZMQ_CURVE_SERVERKEY, curve[0]);
        set_key(socket, ZMQ_CURVE_PUBLICKEY, curve[1]);
        set_key(socket, ZMQ_CURVE_SECRETKEY, curve[2]);
    } else if (curve != NULL) {
        fprintf(stderr, "curve: one key or three, not %d\n", curve_keys);
        exit(2);
    }
    return socket;
}

/* bind_free binds a free port of this machine and says which. */
static inline void bind_free(void *socket)
{
    char endpoint[256];
    size_t size = sizeof endpoint;
    need(zmq_bind(socket, "tcp://127.0.0.1:*") == 0, "zmq_bind");
    need(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size) == 0, "zmq_getsockopt");
    fprintf(stderr, "bound %s\n", endpoint);
}

static inline void dial(void *socket, const char *endpoint)
{
    need(zmq_connect(socket, endpoint) == 0, "zmq_connect");
}

/* finish waits until all that was sent has left. */
static inline void finish(void *context, void *socket)
{
    zmq_close(socket);
    zmq_ctx_term(context);
}

#endif
