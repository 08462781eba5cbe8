/*
 * What the peers share. Each is one end of a scene: it says "bound ENDPOINT" or
 * "ready" on stderr when the other end may begin, its figures on stdout as one
 * JSON object, and ends with 0 only if everything arrived.
 */
#ifndef PEER_H
#define PEER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#ifdef __APPLE__
#define fwrite_unlocked fwrite
#endif

/* need ends the process with what was being done, unless ok. */
#define need(ok, what)                                                         \
    do {                                                                       \
        if (!(ok)) {                                                           \
            perror(what);                                                      \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

static inline double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline size_t number(const char *word)
{
    char *end;
    unsigned long long n = strtoull(word, &end, 10);
    if (*word == '\0' || *end != '\0') {
        fprintf(stderr, "%s: not a number\n", word);
        exit(2);
    }
    return (size_t)n;
}

/* more_files lets the process have as many sockets as the system grants. */
static inline void more_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

/* say_rate prints what a receiver counted. The first message started the
 * clock, so it is not among those that took the time. */
static inline void say_rate(size_t count, size_t size, double seconds)
{
    double rate = (double)(count - 1) / seconds;
    printf("{\"count\":%zu,\"msgs_per_s\":%.3f,\"bytes_per_s\":%.3f}\n", count, rate, rate * (double)size);
}

static inline int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* say_latency sorts round trips, in seconds, and prints their percentiles. */
static inline void say_latency(double *trips, size_t count)
{
    qsort(trips, count, sizeof *trips, by_value);
    printf("{\"count\":%zu,\"p50_us\":%.3f,\"p99_us\":%.3f,\"max_us\":%.3f}\n", count, trips[count * 50 / 100] * 1e6,
           trips[count * 99 / 100] * 1e6, trips[count - 1] * 1e6);
}

#endif
