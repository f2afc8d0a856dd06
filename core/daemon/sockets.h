/* Listening sockets.  They belong to the master, are known by their address, and
 * live as long as some generation uses them; so they survive every reload that
 * keeps the address. */
#ifndef GV_DAEMON_SOCKETS_H
#define GV_DAEMON_SOCKETS_H

#include "base/buf.h"
#include "daemon/error.h"
#include "daemon/settings.h"

typedef struct gv_socket gv_socket;

/* All of one master.  All zero is valid and empty. */
typedef struct gv_sockets {
    gv_socket *first;
} gv_sockets;

/* The sockets one generation listens on, in file order. */
typedef struct gv_socket_set {
    gv_socket **at;
    size_t count;
} gv_socket_set;

/* One listening socket for each address of `settings`, opened where nobody has
 * it yet or where the file of a Unix socket is gone.  GV_FAILED (the address is in
 * use, the path is no socket, ...) opens nothing. */
int gv_sockets_acquire(gv_sockets *sockets, const gv_settings *settings,
                       gv_socket_set *set, gv_error *error);

/* The same for the addresses of `status.listen`. */
int gv_sockets_acquire_status(gv_sockets *sockets, const gv_settings *settings,
                              gv_socket_set *set, gv_error *error);

/* The generation of `settings` serves: sockets that an earlier one opened get its
 * backlog, and Unix ones its mode and, from root, its owner. */
void gv_sockets_settle(const gv_socket_set *set, const gv_settings *settings);
void gv_sockets_settle_status(const gv_socket_set *set, const gv_settings *settings);

/* Lets go of `set`; sockets that nobody else holds are closed, Unix ones removed. */
void gv_sockets_release(gv_sockets *sockets, gv_socket_set *set);

/* Lets go of what `set` has in common with its successor's.  The rest, addresses that
 * are dropped, stays; before that their indices are appended to `dropped`, each with a
 * space before it. */
void gv_sockets_hand_over(gv_sockets *sockets, gv_socket_set *set,
                          const gv_socket_set *successor, gv_buf *dropped);

/* For the guavad that comes next (daemon/handover.h): a line "socket FD DEVICE INODE"
 * for each, but for those that we were passed ourselves; and, in a child, lets them
 * stay open over an exec. */
void gv_sockets_list(const gv_sockets *sockets, gv_buf *list);
void gv_sockets_let_inherit(const gv_sockets *sockets);

/* One of such a line, held by nobody.  Its file stays the other guavad's for now. */
int gv_sockets_adopt(gv_sockets *sockets, int fd, dev_t device, ino_t inode);

/* From now on the files are ours, and what nobody holds is closed and removed; or they
 * are another's, and we remove none. */
void gv_sockets_own(gv_sockets *sockets);
void gv_sockets_disown(gv_sockets *sockets);

/* The descriptor: listening, non-blocking, close-on-exec.  Borrowed. */
int gv_socket_fd(const gv_socket *socket);

/* Its address for people; borrowed. */
const char *gv_socket_name(const gv_socket *socket);

#endif
