/* Asks a server at a fixed rate and prints how long the answers took.
 *
 *     rate PORT RATE CONNECTIONS SECONDS
 *
 * Requests leave by the clock, whatever became of those before (an open loop): one that
 * finds all connections busy waits for one, and its latency counts from the moment it
 * was due, so a server that stops for a while is charged for all who would have come
 * (no coordinated omission).  It spins, so it wants a core of its own.
 *
 * On standard output, a JSON object: how many requests were due, answered and failed,
 * and percentiles of all in microseconds, of which those without an answer took for
 * ever (-1).  Exit status 1: it could not ask. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_SIZE = 4096, EVENTS = 256 };

#define SECOND 1000000000ULL
#define PATIENCE (SECOND / 5) /* for the last answers */

static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct client {
    int fd;
    uint64_t due; /* of the request that it waits for; 0: none */
    size_t used;
    char answer[ANSWER_SIZE + 1];
};

struct run {
    struct sockaddr_in address;
    int epoll;
    uint64_t start, period, total;
    uint64_t next; /* the first request that has not been sent */

    struct client *clients;
    struct client **idle; /* a stack of the `idles` clients without a request */
    size_t idles, size;

    uint64_t *taken; /* nanoseconds of each of the `answered` */
    uint64_t answered, failed;
};

static uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        die("memory");
    return memory;
}

/* Connects, and has epoll tell of what comes. */
static void join(struct run *run, struct client *client)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    const struct sockaddr *address = (const struct sockaddr *)&run->address;
    int yes = 1;

    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0 || connect(client->fd, address, sizeof(run->address)) < 0)
        die("connect");
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    if (epoll_ctl(run->epoll, EPOLL_CTL_ADD, client->fd, &event) < 0)
        die("epoll");
}

static void rest(struct run *run, struct client *client)
{
    client->due = 0;
    client->used = 0;
    run->idle[run->idles++] = client;
}

static void prepare(struct run *run, int port, uint64_t rate, size_t size, uint64_t seconds)
{
    run->address.sin_family = AF_INET;
    run->address.sin_port = htons((uint16_t)port);
    run->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    run->period = SECOND / rate;
    run->total = rate * seconds;
    run->size = size;
    run->clients = allocate(size, sizeof(*run->clients));
    run->idle = allocate(size, sizeof(*run->idle));
    run->taken = allocate(run->total, sizeof(*run->taken));
    run->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (run->epoll < 0)
        die("epoll");
    for (size_t i = 0; i < size; i++) {
        join(run, &run->clients[i]);
        rest(run, &run->clients[i]);
    }
}

static void come_again(struct run *run, struct client *client)
{
    close(client->fd); /* which takes it from epoll too */
    join(run, client);
}

/* The server has left: what it owed has failed. */
static void on_closed(struct run *run, struct client *client)
{
    int owed = client->due != 0;

    come_again(run, client);
    if (owed) {
        run->failed++;
        rest(run, client);
    }
}

/* Sends what is due, as far as there are clients that wait for nothing. */
static void send_due(struct run *run)
{
    while (run->idles > 0 && run->next < run->total) {
        uint64_t due = run->start + run->next * run->period;
        struct client *client;

        if (due > now())
            return;
        client = run->idle[--run->idles];
        client->due = due;
        run->next++;
        if (send(client->fd, request, sizeof(request) - 1, MSG_NOSIGNAL) < 0)
            on_closed(run, client);
    }
}

/* The value of a field of the head that ends at `end`, or NULL; `name` is the line's
 * beginning, with the end of the line before it. */
static const char *field(const char *head, const char *end, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = head; at < end; at++) {
        if (strncasecmp(at, name, length) == 0)
            return at + length + strspn(at + length, " ");
    }
    return NULL;
}

/* Whether the answer at the start of `text` has all come; if so, `*last` says whether
 * the server closes behind it. */
static int is_whole(const char *text, size_t used, int *last)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *length, *connection;

    if (end == NULL)
        return 0;
    length = field(text, end, "\r\ncontent-length:");
    if (length == NULL) {
        fprintf(stderr, "an answer without Content-Length\n");
        exit(1);
    }
    connection = field(text, end, "\r\nconnection:");
    *last = connection != NULL && strncasecmp(connection, "close", 5) == 0;
    return (size_t)(end + 4 - text) + strtoul(length, NULL, 10) <= used;
}

static void on_readable(struct run *run, struct client *client)
{
    ssize_t got = recv(client->fd, client->answer + client->used,
                       ANSWER_SIZE - client->used, MSG_DONTWAIT);
    int last = 0;

    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        on_closed(run, client);
        return;
    }
    client->used += (size_t)got;
    client->answer[client->used] = '\0';
    if (!is_whole(client->answer, client->used, &last))
        return;
    if (strncmp(client->answer, "HTTP/1.1 200", 12) == 0)
        run->taken[run->answered++] = now() - client->due;
    else
        run->failed++;
    if (last)
        come_again(run, client);
    rest(run, client);
}

static void ask(struct run *run)
{
    struct epoll_event events[EVENTS];
    uint64_t end;

    run->start = now();
    end = run->start + run->total * run->period + PATIENCE;
    while (run->answered + run->failed < run->total && now() < end) {
        int count;

        send_due(run);
        count = epoll_wait(run->epoll, events, EVENTS, 0);
        for (int i = 0; i < count; i++)
            on_readable(run, events[i].data.ptr);
    }
}

static int by_size(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* Microseconds within which so many of a thousand requests were answered; -1: never. */
static double percentile(const struct run *run, uint64_t of_thousand)
{
    uint64_t rank = (run->total * of_thousand + 999) / 1000;

    return rank > run->answered ? -1 : (double)run->taken[rank - 1] / 1000;
}

static void print(struct run *run)
{
    qsort(run->taken, run->answered, sizeof(*run->taken), by_size);
    printf("{\"due\": %ju, \"answered\": %ju, \"failed\": %ju, \"p50\": %.1f, "
           "\"p99\": %.1f, \"p99.9\": %.1f, \"max\": %.1f}\n",
           (uintmax_t)run->total, (uintmax_t)run->answered,
           (uintmax_t)(run->total - run->answered), percentile(run, 500),
           percentile(run, 990), percentile(run, 999), percentile(run, 1000));
}

int main(int argc, char **argv)
{
    struct run run = {0};
    int numbers[4];

    for (int i = 0; i < 4; i++) {
        numbers[i] = argc == 5 ? atoi(argv[i + 1]) : 0;
        if (numbers[i] <= 0) {
            fprintf(stderr, "usage: rate PORT RATE CONNECTIONS SECONDS\n");
            return 1;
        }
    }
    prepare(&run, numbers[0], (uint64_t)numbers[1], (size_t)numbers[2],
            (uint64_t)numbers[3]);
    ask(&run);
    print(&run);
    return 0;
}
