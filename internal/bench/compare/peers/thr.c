/*
 * One-way throughput over libzmq, PUSH to PULL, as local_thr and remote_thr
 * measure it: high-water marks are the default, payloads are not filled.
 *
 *   thr recv SIZE COUNT
 *   thr send SIZE COUNT ENDPOINT
 *
 * Behind either, "curve" and keys have it encrypt; see zpeer.h.
 */
#include "zpeer.h"

static void take(void *socket, zmq_msg_t *message, size_t size)
{
    need(zmq_msg_recv(message, socket, 0) >= 0, "zmq_msg_recv");
    if (zmq_msg_size(message) != size) {
        fprintf(stderr, "a message of %zu bytes, not %zu\n", zmq_msg_size(message), size);
        exit(1);
    }
}

static void receive(void *context, size_t size, size_t count)
{
    void *socket = open_socket(context, ZMQ_PULL);
    zmq_msg_t message;
    bind_free(socket);
    zmq_msg_init(&message);
    take(socket, &message, size);
    double begin = now();
    for (size_t i = 1; i < count; i++)
        take(socket, &message, size);
    say_rate(count, size, now() - begin);
    zmq_msg_close(&message);
    finish(context, socket);
}

static void transmit(void *context, size_t size, size_t count, const char *endpoint)
{
    void *socket = open_socket(context, ZMQ_PUSH);
    zmq_msg_t message;
    dial(socket, endpoint);
    for (size_t i = 0; i < count; i++) {
        need(zmq_msg_init_size(&message, size) == 0, "zmq_msg_init_size");
        need(zmq_msg_send(&message, socket, 0) >= 0, "zmq_msg_send");
    }
    finish(context, socket);
}

int main(int argc, char **argv)
{
    void *context = zmq_ctx_new();
    argc = without_curve(argc, argv);
    if (argc == 4 && strcmp(argv[1], "recv") == 0)
        receive(context, number(argv[2]), number(argv[3]));
    else if (argc == 5 && strcmp(argv[1], "send") == 0)
        transmit(context, number(argv[2]), number(argv[3]), argv[4]);
    else
        return 2;
    return 0;
}
