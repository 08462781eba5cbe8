/*
 * Many pushers in one process, each with its own connection. It says "ready"
 * when all are connected, and sends the numbers 1 to COUNT, a line of text
 * each, by all in turn once a byte comes on stdin.
 *
 *   pushers SOCKETS COUNT ENDPOINT
 */
#include "zpeer.h"

#include <unistd.h>

/* pusher gives a socket that takes no message before it has a connection. */
static void *pusher(void *context, const char *endpoint)
{
    void *socket = zmq_socket(context, ZMQ_PUSH);
    need(socket != NULL, "zmq_socket");
    set(socket, ZMQ_IMMEDIATE, 1);
    dial(socket, endpoint);
    return socket;
}

static void await_connection(void *socket)
{
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLOUT};
    need(zmq_poll(&item, 1, -1) == 1, "zmq_poll");
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    size_t sockets = number(argv[1]), count = number(argv[2]);
    void **all = calloc(sockets, sizeof *all);
    void *context = zmq_ctx_new();
    char text[32];
    more_files();
    for (size_t i = 0; i < sockets; i++)
        all[i] = pusher(context, argv[3]);
    for (size_t i = 0; i < sockets; i++)
        await_connection(all[i]);
    fprintf(stderr, "ready\n");
    need(read(STDIN_FILENO, text, 1) == 1, "stdin");
    for (size_t i = 0; i < count; i++) {
        int length = snprintf(text, sizeof text, "%zu", i + 1);
        need(zmq_send(all[i % sockets], text, (size_t)length, 0) >= 0, "zmq_send");
    }
    for (size_t i = 0; i < sockets; i++)
        zmq_close(all[i]);
    zmq_ctx_term(context);
    return 0;
}
