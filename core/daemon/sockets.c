#include "daemon/sockets.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* What a listen line says. */
typedef struct address {
    union {
        struct sockaddr any;
        struct sockaddr_un un;
        struct sockaddr_storage room;
    } at;
    socklen_t len;
    mode_t mode;    /* of a Unix socket */
    char name[160]; /* for people: 127.0.0.1:8000, [::1]:8000, unix:/run/a.sock */
} address;

struct gv_socket {
    gv_socket *next;
    int holders;
    int fd;
    address address;
    dev_t device; /* of a Unix socket's file: we remove no other */
    ino_t inode;
};

static bool is_unix(const address *address)
{
    return address->at.any.sa_family == AF_UNIX;
}

static int parse_unix(address *address, const char *path, const char *mode)
{
    struct sockaddr_un *un = &address->at.un;
    size_t len = strlen(path);

    if (len >= sizeof(un->sun_path))
        return GV_BAD;
    un->sun_family = AF_UNIX;
    memcpy(un->sun_path, path, len + 1);
    address->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
    address->mode = (mode_t)strtoul(mode, NULL, 8);
    snprintf(address->name, sizeof(address->name), "unix:%s", path);
    return GV_OK;
}

static void name_tcp(address *address)
{
    char host[64] = "?", port[8] = "?";

    getnameinfo(&address->at.any, address->len, host, sizeof(host), port, sizeof(port),
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(address->name, sizeof(address->name),
             address->at.any.sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static int parse_tcp(address *address, const char *host, const char *port)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return GV_BAD;
    memcpy(&address->at, found->ai_addr, found->ai_addrlen);
    address->len = found->ai_addrlen;
    freeaddrinfo(found);
    name_tcp(address);
    return GV_OK;
}

/* A path may hold spaces: its mode is what stands behind the last one. */
static int parse_address(address *address, const char *line, gv_error *error)
{
    const char *last = strrchr(line, ' ');
    const char *first = strchr(line, ' ');
    int result = GV_BAD;
    char *middle;

    *address = (struct address){0};
    if (first == last)
        return gv_error_set(error, "can not listen on '%s'", line);
    middle = gv_strndup(first + 1, (size_t)(last - first - 1));
    if (strncmp(line, "unix ", 5) == 0)
        result = parse_unix(address, middle, last + 1);
    else if (strncmp(line, "tcp ", 4) == 0)
        result = parse_tcp(address, middle, last + 1);
    free(middle);
    return result == GV_OK ? GV_OK
                           : gv_error_set(error, "can not listen on '%s'", line);
}

static int refuse(const address *address, const char *what, gv_error *error)
{
    return gv_error_set(error, "can not listen on %s: %s", address->name, what);
}

/* True if somebody accepts connections there; a full backlog counts. */
static bool is_answered(const address *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool answered = fd >= 0 && (connect(fd, &address->at.any, address->len) == 0 ||
                                errno == EAGAIN);

    if (fd >= 0)
        close(fd);
    return answered;
}

/* Removes what a server that was killed left behind, and nothing else. */
static int clear_path(const address *address, gv_error *error)
{
    const char *path = address->at.un.sun_path;
    struct stat info;

    if (lstat(path, &info) < 0)
        return errno == ENOENT ? GV_OK : refuse(address, strerror(errno), error);
    if (!S_ISSOCK(info.st_mode))
        return refuse(address, "the file is there and is not a socket", error);
    if (is_answered(address))
        return refuse(address, "another server answers there", error);
    if (unlink(path) < 0)
        return refuse(address, strerror(errno), error);
    return GV_OK;
}

/* With the mode from the first moment on. */
static int bind_unix(gv_socket *sock)
{
    mode_t before = umask(~sock->address.mode & 0777);
    int result = bind(sock->fd, &sock->address.at.any, sock->address.len);

    umask(before);
    return result;
}

static int give_to(const gv_socket *sock, const gv_identity *identity)
{
    if (geteuid() != 0 || (!identity->has_uid && !identity->has_gid))
        return 0;
    return chown(sock->address.at.un.sun_path,
                 identity->has_uid ? identity->uid : (uid_t)-1,
                 identity->has_gid ? identity->gid : (gid_t)-1);
}

static int place_unix(gv_socket *sock, const gv_identity *identity, gv_error *error)
{
    struct stat info;

    if (clear_path(&sock->address, error) != GV_OK)
        return GV_FAILED;
    if (bind_unix(sock) < 0 || lstat(sock->address.at.un.sun_path, &info) < 0 ||
        give_to(sock, identity) < 0)
        return refuse(&sock->address, strerror(errno), error);
    sock->device = info.st_dev;
    sock->inode = info.st_ino;
    return GV_OK;
}

static int place_tcp(gv_socket *sock, gv_error *error)
{
    static const int on = 1;

    setsockopt(sock->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (sock->address.at.any.sa_family == AF_INET6)
        setsockopt(sock->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(sock->fd, &sock->address.at.any, sock->address.len) < 0)
        return refuse(&sock->address, strerror(errno), error);
    return GV_OK;
}

static void remove_file(const gv_socket *sock)
{
    struct stat info;

    if (lstat(sock->address.at.un.sun_path, &info) == 0 &&
        info.st_dev == sock->device && info.st_ino == sock->inode)
        unlink(sock->address.at.un.sun_path);
}

static void close_socket(gv_socket *sock)
{
    if (is_unix(&sock->address) && sock->inode != 0)
        remove_file(sock);
    if (sock->fd >= 0)
        close(sock->fd);
    free(sock);
}

/* The address that the kernel chose, where the configuration left it port 0. */
static void log_address(const gv_socket *sock)
{
    address actual = sock->address;

    if (!is_unix(&actual)) {
        actual.len = sizeof(actual.at);
        getsockname(sock->fd, &actual.at.any, &actual.len);
        name_tcp(&actual);
    }
    gv_log(GV_INFO, "listening on %s", actual.name);
}

static gv_socket *open_socket(const address *address, const gv_settings *settings,
                              gv_error *error)
{
    gv_socket *sock = gv_calloc(1, sizeof(*sock));
    int result;

    sock->address = *address;
    sock->fd = socket(address->at.any.sa_family,
                      SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sock->fd < 0)
        result = refuse(address, strerror(errno), error);
    else if (is_unix(address))
        result = place_unix(sock, &settings->identity, error);
    else
        result = place_tcp(sock, error);
    if (result == GV_OK && listen(sock->fd, (int)settings->backlog) < 0)
        result = refuse(address, strerror(errno), error);
    if (result == GV_OK) {
        log_address(sock);
        return sock;
    }
    close_socket(sock);
    return NULL;
}

static gv_socket *find(const gv_sockets *sockets, const address *address)
{
    for (gv_socket *sock = sockets->first; sock != NULL; sock = sock->next) {
        if (sock->address.len == address->len &&
            memcmp(&sock->address.at, &address->at, address->len) == 0)
            return sock;
    }
    return NULL;
}

static void adjust(gv_socket *sock, const address *address, const gv_settings *settings)
{
    listen(sock->fd, (int)settings->backlog);
    if (is_unix(address) && chmod(address->at.un.sun_path, address->mode) < 0)
        gv_log(GV_WARNING, "can not set the mode of %s: %s", address->name,
               strerror(errno));
    sock->address.mode = address->mode;
}

static gv_socket *acquire(gv_sockets *sockets, const char *line,
                          const gv_settings *settings, gv_error *error)
{
    address address;
    gv_socket *sock;

    if (parse_address(&address, line, error) != GV_OK)
        return NULL;
    sock = find(sockets, &address);
    if (sock != NULL) {
        adjust(sock, &address, settings);
    } else {
        sock = open_socket(&address, settings, error);
        if (sock == NULL)
            return NULL;
        sock->next = sockets->first;
        sockets->first = sock;
    }
    sock->holders++;
    return sock;
}

int gv_sockets_acquire(gv_sockets *sockets, const gv_settings *settings,
                       gv_socket_set *set, gv_error *error)
{
    set->at = gv_calloc(settings->listen_count, sizeof(gv_socket *));
    set->count = 0;
    for (size_t i = 0; i < settings->listen_count; i++) {
        gv_socket *sock = acquire(sockets, settings->listen[i], settings, error);

        if (sock == NULL) {
            gv_sockets_release(sockets, set);
            return GV_FAILED;
        }
        set->at[set->count++] = sock;
    }
    return GV_OK;
}

static void unlink_from(gv_sockets *sockets, const gv_socket *sock)
{
    gv_socket **link = &sockets->first;

    while (*link != sock)
        link = &(*link)->next;
    *link = sock->next;
}

void gv_sockets_release(gv_sockets *sockets, gv_socket_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        gv_socket *sock = set->at[i];

        if (--sock->holders == 0) {
            unlink_from(sockets, sock);
            close_socket(sock);
        }
    }
    free(set->at);
    *set = (gv_socket_set){0};
}

int gv_socket_fd(const gv_socket *sock)
{
    return sock->fd;
}
