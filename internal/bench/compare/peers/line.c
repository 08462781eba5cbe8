/*
 * What fogmq does for a shell, by the shortest way over libzmq: a line is a
 * message, a message a line. High-water marks are the default but for pub and
 * sub, which have none so that nothing is dropped.
 *
 *   line push ENDPOINT...      lines of stdin to whoever takes them; it says
 *                              "ready" when it is connected to all
 *   line push -f FILE ENDPOINT a whole file as one message
 *   line pull COUNT            COUNT messages to stdout; with "curve" and a key
 *                              behind, a server of CURVE
 *   line pub SUBSCRIBERS       lines of stdin to all, once that many are there
 *   line sub COUNT ENDPOINT
 */
#include "zpeer.h"

static void *context;

static void send_lines(void *socket)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        if (line[length - 1] == '\n')
            length--;
        need(zmq_send(socket, line, (size_t)length, 0) >= 0, "zmq_send");
    }
    free(line);
    finish(context, socket);
}

static void send_file(void *socket, const char *name)
{
    FILE *file = fopen(name, "rb");
    need(file != NULL && fseek(file, 0, SEEK_END) == 0, name);
    size_t size = (size_t)ftell(file);
    zmq_msg_t message;
    rewind(file);
    need(zmq_msg_init_size(&message, size) == 0, "zmq_msg_init_size");
    need(fread(zmq_msg_data(&message), 1, size, file) == size, name);
    need(zmq_msg_send(&message, socket, 0) >= 0, "zmq_msg_send");
    finish(context, socket);
}

static void print_lines(void *socket, size_t count)
{
    static char buffer[1 << 20];
    zmq_msg_t message;
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    zmq_msg_init(&message);
    for (size_t i = 0; i < count; i++) {
        need(zmq_msg_recv(&message, socket, 0) >= 0, "zmq_msg_recv");
        fwrite_unlocked(zmq_msg_data(&message), 1, zmq_msg_size(&message), stdout);
        putchar_unlocked('\n');
    }
    need(fflush(stdout) == 0, "stdout");
    zmq_msg_close(&message);
    finish(context, socket);
}

/* watch gives a socket that tells of each connection that socket makes. */
static void *watch(void *socket)
{
    void *events = zmq_socket(context, ZMQ_PAIR);
    need(zmq_socket_monitor(socket, "inproc://events", ZMQ_EVENT_HANDSHAKE_SUCCEEDED) == 0, "zmq_socket_monitor");
    dial(events, "inproc://events");
    return events;
}

/* An event is two messages. */
static void await_connections(void *socket, void *events, int count)
{
    char part[256];
    for (int i = 0; i < 2 * count; i++)
        need(zmq_recv(events, part, sizeof part, 0) >= 0, "zmq_recv");
    fprintf(stderr, "ready\n");
    need(zmq_socket_monitor(socket, NULL, 0) == 0, "zmq_socket_monitor");
    zmq_close(events);
}

static void push(int argc, char **argv)
{
    void *socket = zmq_socket(context, ZMQ_PUSH);
    if (argc == 5 && strcmp(argv[2], "-f") == 0) {
        dial(socket, argv[4]);
        send_file(socket, argv[3]);
        return;
    }
    void *events = watch(socket);
    for (int i = 2; i < argc; i++)
        dial(socket, argv[i]);
    await_connections(socket, events, argc - 2);
    send_lines(socket);
}

static void publish(size_t subscribers)
{
    void *socket = zmq_socket(context, ZMQ_XPUB);
    char subscription[256];
    set(socket, ZMQ_SNDHWM, 0);
    set(socket, ZMQ_XPUB_VERBOSE, 1);
    bind_free(socket);
    while (subscribers-- > 0)
        need(zmq_recv(socket, subscription, sizeof subscription, 0) > 0, "zmq_recv");
    fprintf(stderr, "ready\n");
    send_lines(socket);
}

static void subscribe(size_t count, const char *endpoint)
{
    void *socket = zmq_socket(context, ZMQ_SUB);
    set(socket, ZMQ_RCVHWM, 0);
    need(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) == 0, "zmq_setsockopt");
    dial(socket, endpoint);
    print_lines(socket, count);
}

int main(int argc, char **argv)
{
    argc = without_curve(argc, argv);
    const char *what = argc > 2 ? argv[1] : "";
    more_files();
    context = zmq_ctx_new();
    if (strcmp(what, "push") == 0)
        push(argc, argv);
    else if (strcmp(what, "pub") == 0)
        publish(number(argv[2]));
    else if (strcmp(what, "sub") == 0 && argc == 4)
        subscribe(number(argv[2]), argv[3]);
    else if (strcmp(what, "pull") == 0) {
        void *socket = open_socket(context, ZMQ_PULL);
        bind_free(socket);
        print_lines(socket, number(argv[2]));
    } else
        return 2;
    return 0;
}
