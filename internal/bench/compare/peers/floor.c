/*
 * The same bytes over plain sockets, with buffers of 64 KiB: about what the
 * kernel's loopback can carry. No message is looked at. It is no upper bound:
 * with larger buffers, or several in one call, there is a little more to be had.
 *
 *   floor recv SIZE COUNT            floor send SIZE COUNT ENDPOINT
 *   floor echo SIZE COUNT            floor ping SIZE COUNT ENDPOINT
 *
 * SIZE is that of a message with its head.
 */
#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { chunk = 64 * 1024 };

static char buffer[chunk];

static int no_delay(int fd)
{
    int on = 1;
    need(fd >= 0, "socket");
    need(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "setsockopt");
    return fd;
}

static int take_one(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    need(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, 1) == 0, "bind");
    need(getsockname(fd, (struct sockaddr *)&address, &size) == 0, "getsockname");
    fprintf(stderr, "bound tcp://127.0.0.1:%d\n", ntohs(address.sin_port));
    return no_delay(accept(fd, NULL, NULL));
}

static int reach(const char *endpoint)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((unsigned short)number(strrchr(endpoint, ':') + 1));
    int fd = no_delay(socket(AF_INET, SOCK_STREAM, 0));
    need(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    return fd;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void send_bytes(int fd, size_t total)
{
    while (total > 0) {
        ssize_t n = write(fd, buffer, least(total, chunk));
        need(n > 0, "write");
        total -= (size_t)n;
    }
}

static void recv_bytes(int fd, size_t total)
{
    while (total > 0) {
        ssize_t n = read(fd, buffer, least(total, chunk));
        need(n > 0, "read");
        total -= (size_t)n;
    }
}

static void receive(int fd, size_t size, size_t count)
{
    recv_bytes(fd, size);
    double begin = now();
    recv_bytes(fd, size * (count - 1));
    say_rate(count, size, now() - begin);
}

static void ping(int fd, size_t size, size_t count)
{
    double *trips = calloc(count, sizeof *trips);
    for (size_t i = 0; i < count; i++) {
        double begin = now();
        send_bytes(fd, size);
        recv_bytes(fd, size);
        trips[i] = now() - begin;
    }
    say_latency(trips, count);
}

static void echo(int fd, size_t size, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        recv_bytes(fd, size);
        send_bytes(fd, size);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5)
        return 2;
    size_t size = number(argv[2]), count = number(argv[3]);
    int fd = argc == 5 ? reach(argv[4]) : take_one();
    if (strcmp(argv[1], "recv") == 0)
        receive(fd, size, count);
    else if (strcmp(argv[1], "send") == 0)
        send_bytes(fd, size * count);
    else if (strcmp(argv[1], "echo") == 0)
        echo(fd, size, count);
    else
        ping(fd, size, count);
    close(fd);
    return 0;
}
