/*
 * Handshakes, one after the other: each time a new socket connects, sends one
 * line once the handshake is over, and is closed.
 *
 *   shakes COUNT ENDPOINT
 *
 * Behind it, "curve" and keys have it encrypt; see zpeer.h.
 */
#include "zpeer.h"

/* shake_hands sends only when there is a connection that is ready for it. */
static void shake_hands(void *context, size_t number, const char *endpoint)
{
    void *socket = open_socket(context, ZMQ_PUSH);
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLOUT};
    char text[32];
    set(socket, ZMQ_IMMEDIATE, 1);
    dial(socket, endpoint);
    need(zmq_poll(&item, 1, -1) == 1, "zmq_poll");
    int length = snprintf(text, sizeof text, "%zu", number);
    need(zmq_send(socket, text, (size_t)length, 0) >= 0, "zmq_send");
    zmq_close(socket);
}

int main(int argc, char **argv)
{
    argc = without_curve(argc, argv);
    if (argc != 3)
        return 2;
    size_t count = number(argv[1]);
    void *context = zmq_ctx_new();
    double begin = now();
    for (size_t i = 1; i <= count; i++)
        shake_hands(context, i, argv[2]);
    zmq_ctx_term(context);
    printf("{\"count\":%zu,\"shakes_per_s\":%.3f}\n", count, (double)count / (now() - begin));
    return 0;
}
