/*
 * Round trips over libzmq, REQ to REP. Each one is timed; the first, which
 * waits for the connection, is not counted.
 *
 *   lat echo SIZE COUNT
 *   lat ping SIZE COUNT ENDPOINT
 *
 * Behind either, "curve" and keys have it encrypt; see zpeer.h.
 */
#include "zpeer.h"

static void echo(void *context, size_t count)
{
    void *socket = open_socket(context, ZMQ_REP);
    zmq_msg_t message;
    bind_free(socket);
    zmq_msg_init(&message);
    for (size_t i = 0; i <= count; i++) {
        need(zmq_msg_recv(&message, socket, 0) >= 0, "zmq_msg_recv");
        need(zmq_msg_send(&message, socket, 0) >= 0, "zmq_msg_send");
    }
    finish(context, socket);
}

static void trip(void *socket, zmq_msg_t *message, size_t size)
{
    need(zmq_msg_send(message, socket, 0) >= 0, "zmq_msg_send");
    need(zmq_msg_recv(message, socket, 0) >= 0, "zmq_msg_recv");
    if (zmq_msg_size(message) != size) {
        fprintf(stderr, "a reply of %zu bytes, not %zu\n", zmq_msg_size(message), size);
        exit(1);
    }
}

static void ping(void *context, size_t size, size_t count, const char *endpoint)
{
    void *socket = open_socket(context, ZMQ_REQ);
    double *trips = calloc(count, sizeof *trips);
    zmq_msg_t message;
    dial(socket, endpoint);
    need(zmq_msg_init_size(&message, size) == 0, "zmq_msg_init_size");
    memset(zmq_msg_data(&message), 'x', size);
    trip(socket, &message, size);
    for (size_t i = 0; i < count; i++) {
        double begin = now();
        trip(socket, &message, size);
        trips[i] = now() - begin;
    }
    say_latency(trips, count);
    zmq_msg_close(&message);
    finish(context, socket);
}

int main(int argc, char **argv)
{
    void *context = zmq_ctx_new();
    argc = without_curve(argc, argv);
    if (argc == 4 && strcmp(argv[1], "echo") == 0)
        echo(context, number(argv[3]));
    else if (argc == 5 && strcmp(argv[1], "ping") == 0)
        ping(context, number(argv[2]), number(argv[3]), argv[4]);
    else
        return 2;
    return 0;
}
