/* What the peers on libzmq share. */
#ifndef ZPEER_H
#define ZPEER_H

#include "peer.h"
#include <zmq.h>

static inline void set(void *socket, int option, int value)
{
    need(zmq_setsockopt(socket, option, &value, sizeof value) == 0, "zmq_setsockopt");
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
