/*
 * Many subscribers in one process, each with its own connection and no
 * high-water mark. It ends when each of them has got COUNT messages, and prints
 * how many they were in all, and their bytes.
 *
 *   subscribers SOCKETS COUNT ENDPOINT
 */
#include "zpeer.h"

static void *subscriber(void *context, const char *endpoint)
{
    void *socket = zmq_socket(context, ZMQ_SUB);
    need(socket != NULL, "zmq_socket");
    set(socket, ZMQ_RCVHWM, 0);
    need(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) == 0, "zmq_setsockopt");
    dial(socket, endpoint);
    return socket;
}

static size_t bytes;

/* drain takes all that is there, up to most, and returns how many. */
static size_t drain(void *socket, zmq_msg_t *message, size_t most)
{
    size_t n = 0;
    int size;
    while (n < most && (size = zmq_msg_recv(message, socket, ZMQ_DONTWAIT)) >= 0) {
        bytes += (size_t)size;
        n++;
    }
    need(n == most || errno == EAGAIN, "zmq_msg_recv");
    return n;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    int sockets = (int)number(argv[1]), waiting = sockets;
    size_t count = number(argv[2]);
    size_t *left = calloc((size_t)sockets, sizeof *left);
    zmq_pollitem_t *items = calloc((size_t)sockets, sizeof *items);
    void *context = zmq_ctx_new();
    zmq_msg_t message;
    more_files();
    zmq_msg_init(&message);
    for (int i = 0; i < sockets; i++) {
        items[i].socket = subscriber(context, argv[3]);
        items[i].events = ZMQ_POLLIN;
        left[i] = count;
    }
    while (waiting > 0) {
        need(zmq_poll(items, sockets, -1) > 0, "zmq_poll");
        for (int i = 0; i < sockets; i++) {
            if (left[i] == 0 || !(items[i].revents & ZMQ_POLLIN))
                continue;
            left[i] -= drain(items[i].socket, &message, left[i]);
            waiting -= left[i] == 0;
        }
    }
    printf("{\"count\":%zu,\"bytes\":%zu}\n", count * (size_t)sockets, bytes);
    for (int i = 0; i < sockets; i++)
        zmq_close(items[i].socket);
    zmq_msg_close(&message);
    zmq_ctx_term(context);
    return 0;
}
