#include "daemon/sockets.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/address.h"
#include "daemon/passed.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct gv_socket {
    gv_socket *next;
    int holders;
    int fd;
    gv_address address;
    dev_t device; /* of a Unix socket's file: we remove no other */
    ino_t inode;
    bool is_anothers; /* that file: another guavad serves there too, and removes it */
};

static int refuse(const gv_address *address, const char *what, gv_error *error)
{
    return gv_error_set(error, "can not listen on %s: %s", address->name, what);
}

/* True if nobody has the socket at this path open.  What can not be connected to for
 * any other reason (a full backlog, no permission, another kind) is somebody's. */
static bool is_stale(const gv_address *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool stale = fd >= 0 && connect(fd, &address->at.any, address->len) < 0 &&
                 errno == ECONNREFUSED;

    if (fd >= 0)
        close(fd);
    return stale;
}

/* Removes what a server that was killed left behind, and nothing else. */
static int clear_path(const gv_address *address, gv_error *error)
{
    const char *path = address->at.un.sun_path;
    struct stat info;

    if (lstat(path, &info) < 0)
        return errno == ENOENT ? GV_OK : refuse(address, strerror(errno), error);
    if (!S_ISSOCK(info.st_mode))
        return refuse(address, "the file is there and is not a socket", error);
    if (!is_stale(address))
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

static bool is_ours(const gv_socket *sock, const struct stat *info)
{
    return S_ISSOCK(info->st_mode) && info->st_dev == sock->device &&
           info->st_ino == sock->inode;
}

static bool has_file(const gv_socket *sock)
{
    struct stat info;

    return lstat(sock->address.at.un.sun_path, &info) == 0 && is_ours(sock, &info);
}

static int give_to(const char *path, const gv_identity *identity)
{
    if (geteuid() != 0 || (!identity->has_uid && !identity->has_gid))
        return 0;
    return chown(path, identity->has_uid ? identity->uid : (uid_t)-1,
                 identity->has_gid ? identity->gid : (gid_t)-1);
}

/* Sets owner and mode; 0, or -1 with errno set.  By a descriptor: whoever may write
 * to the folder could put a link in the socket's place, and we may be root. */
static int equip(const gv_socket *sock, mode_t mode, const gv_identity *identity)
{
    int fd = open(sock->address.at.un.sun_path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat info;
    char path[32];
    int result = -1;

    if (fd < 0)
        return -1;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (fstat(fd, &info) < 0 || !is_ours(sock, &info))
        errno = ESTALE;
    else if (give_to(path, identity) == 0)
        result = chmod(path, mode);
    close(fd);
    return result;
}

static int place_unix(gv_socket *sock, const gv_identity *identity, gv_error *error)
{
    struct stat info;

    if (clear_path(&sock->address, error) != GV_OK)
        return GV_FAILED;
    if (bind_unix(sock) < 0 || lstat(sock->address.at.un.sun_path, &info) < 0)
        return refuse(&sock->address, strerror(errno), error);
    sock->device = info.st_dev;
    sock->inode = info.st_ino;
    if (equip(sock, sock->address.mode, identity) < 0)
        return refuse(&sock->address, strerror(errno), error);
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

/* It is not ours to set up, nor to close. */
static bool is_passed(const gv_socket *sock)
{
    return sock->address.passed > 0;
}

static void close_socket(gv_socket *sock)
{
    if (gv_address_is_unix(&sock->address) && !sock->is_anothers && has_file(sock))
        unlink(sock->address.at.un.sun_path);
    if (sock->fd >= 0 && !is_passed(sock))
        close(sock->fd);
    free(sock);
}

/* The address that the kernel chose, where the configuration left it port 0. */
static void log_address(const gv_socket *sock)
{
    gv_address actual = sock->address;

    gv_address_refresh(&actual, sock->fd);
    gv_log(GV_INFO, "listening on %s", actual.name);
}

static gv_socket *use_passed(const gv_address *address, gv_error *error)
{
    const char *fault = gv_passed_fault(address->passed - 1);
    gv_socket *sock;

    if (fault != NULL) {
        refuse(address, fault, error);
        return NULL;
    }
    sock = gv_calloc(1, sizeof(*sock));
    sock->address = *address;
    sock->fd = gv_passed_fd(address->passed - 1);
    log_address(sock);
    return sock;
}

static gv_socket *open_socket(const gv_address *address, const gv_settings *settings,
                              gv_error *error)
{
    gv_socket *sock = gv_calloc(1, sizeof(*sock));
    int result;

    sock->address = *address;
    sock->fd = socket(address->at.any.sa_family,
                      SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sock->fd < 0)
        result = refuse(address, strerror(errno), error);
    else if (gv_address_is_unix(address))
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

/* Whether clients still get there: the file of a Unix socket may have been removed. */
static bool is_reachable(const gv_socket *sock)
{
    return !gv_address_is_unix(&sock->address) || has_file(sock);
}

static gv_socket *find(const gv_sockets *sockets, const gv_address *address)
{
    for (gv_socket *sock = sockets->first; sock != NULL; sock = sock->next) {
        if (gv_address_equal(&sock->address, address) && is_reachable(sock))
            return sock;
    }
    return NULL;
}

static gv_socket *acquire(gv_sockets *sockets, const char *line,
                          const gv_settings *settings, gv_error *error)
{
    gv_address address;
    gv_socket *sock;

    if (gv_address_parse(&address, line, error) != GV_OK)
        return NULL;
    sock = find(sockets, &address);
    if (sock == NULL) {
        sock = address.passed > 0 ? use_passed(&address, error)
                                  : open_socket(&address, settings, error);
        if (sock == NULL)
            return NULL;
        sock->next = sockets->first;
        sockets->first = sock;
    }
    sock->holders++;
    return sock;
}

static int acquire_all(gv_sockets *sockets, char **lines, size_t count,
                       const gv_settings *settings, gv_socket_set *set, gv_error *error)
{
    set->at = gv_calloc(count, sizeof(gv_socket *));
    set->count = 0;
    for (size_t i = 0; i < count; i++) {
        gv_socket *sock = acquire(sockets, lines[i], settings, error);

        if (sock == NULL) {
            gv_sockets_release(sockets, set);
            return GV_FAILED;
        }
        set->at[set->count++] = sock;
    }
    return GV_OK;
}

int gv_sockets_acquire(gv_sockets *sockets, const gv_settings *settings,
                       gv_socket_set *set, gv_error *error)
{
    return acquire_all(sockets, settings->listen, settings->listen_count, settings, set,
                       error);
}

int gv_sockets_acquire_status(gv_sockets *sockets, const gv_settings *settings,
                              gv_socket_set *set, gv_error *error)
{
    return acquire_all(sockets, settings->status_listen, settings->status_listen_count,
                       settings, set, error);
}

static void settle(gv_socket *sock, const char *line, const gv_settings *settings)
{
    gv_address address;
    gv_error error;

    if (is_passed(sock))
        return;
    listen(sock->fd, (int)settings->backlog);
    if (!gv_address_is_unix(&sock->address) ||
        gv_address_parse(&address, line, &error) != GV_OK)
        return;
    if (equip(sock, address.mode, &settings->identity) < 0)
        gv_log(GV_WARNING, "can not set the owner and mode of %s: %s",
               sock->address.name, strerror(errno));
}

void gv_sockets_settle(const gv_socket_set *set, const gv_settings *settings)
{
    for (size_t i = 0; i < set->count; i++)
        settle(set->at[i], settings->listen[i], settings);
}

void gv_sockets_settle_status(const gv_socket_set *set, const gv_settings *settings)
{
    for (size_t i = 0; i < set->count; i++)
        settle(set->at[i], settings->status_listen[i], settings);
}

static void unlink_from(gv_sockets *sockets, const gv_socket *sock)
{
    gv_socket **link = &sockets->first;

    while (*link != sock)
        link = &(*link)->next;
    *link = sock->next;
}

static void release(gv_sockets *sockets, gv_socket *sock)
{
    if (--sock->holders > 0)
        return;
    unlink_from(sockets, sock);
    close_socket(sock);
}

void gv_sockets_release(gv_sockets *sockets, gv_socket_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        release(sockets, set->at[i]);
    free(set->at);
    *set = (gv_socket_set){0};
}

static bool has(const gv_socket_set *set, const gv_socket *sock)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->at[i] == sock)
            return true;
    }
    return false;
}

void gv_sockets_hand_over(gv_sockets *sockets, gv_socket_set *set,
                          const gv_socket_set *successor, gv_buf *dropped)
{
    size_t kept = 0;

    for (size_t i = 0; i < set->count; i++) {
        if (has(successor, set->at[i])) {
            release(sockets, set->at[i]);
        } else {
            gv_buf_printf(dropped, " %zu", i);
            set->at[kept++] = set->at[i];
        }
    }
    set->count = kept;
}

void gv_sockets_list(const gv_sockets *sockets, gv_buf *list)
{
    for (gv_socket *sock = sockets->first; sock != NULL; sock = sock->next) {
        if (!is_passed(sock))
            gv_buf_printf(list, "socket %d %llu %llu\n", sock->fd,
                          (unsigned long long)sock->device,
                          (unsigned long long)sock->inode);
    }
}

void gv_sockets_let_inherit(const gv_sockets *sockets)
{
    for (gv_socket *sock = sockets->first; sock != NULL; sock = sock->next)
        fcntl(sock->fd, F_SETFD, 0);
}

int gv_sockets_adopt(gv_sockets *sockets, int fd, dev_t device, ino_t inode)
{
    gv_address address;
    gv_socket *sock;

    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || gv_address_of(&address, fd) != GV_OK)
        return GV_FAILED;
    sock = gv_calloc(1, sizeof(*sock));
    *sock = (gv_socket){.next = sockets->first,
                        .fd = fd,
                        .address = address,
                        .device = device,
                        .inode = inode,
                        .is_anothers = true};
    sockets->first = sock;
    return GV_OK;
}

void gv_sockets_own(gv_sockets *sockets)
{
    gv_socket **link = &sockets->first;

    while (*link != NULL) {
        gv_socket *sock = *link;

        sock->is_anothers = false;
        if (sock->holders > 0) {
            link = &sock->next;
        } else {
            *link = sock->next;
            close_socket(sock);
        }
    }
}

void gv_sockets_disown(gv_sockets *sockets)
{
    for (gv_socket *sock = sockets->first; sock != NULL; sock = sock->next)
        sock->is_anothers = true;
}

int gv_socket_fd(const gv_socket *sock)
{
    return sock->fd;
}

const char *gv_socket_name(const gv_socket *sock)
{
    return sock->address.name;
}
