#include "daemon/handover.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/result.h"
#include "daemon/notify.h"
#include "daemon/passed.h"
#include "daemon/pidfile.h"
#include "daemon/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANSWER_LIMIT_MS = 10000 /* the one before only has to come round its loop */ };

static struct {
    int channel; /* -1: no handover is under way */
    unsigned generation;
    char *pidfile;      /* NULL: none */
    gv_sockets sockets; /* until they are given on */
} handover = {.channel = -1};

static int refuse(const char *what, gv_error *error)
{
    return gv_error_set(error, "can not take over from the guavad before: %s", what);
}

static bool read_line(char *line)
{
    unsigned long long device, inode;
    int fd, locks, at = 0;

    if (sscanf(line, "generation %u", &handover.generation) == 1)
        return true;
    if (strncmp(line, "pidfile ", 8) == 0) {
        handover.pidfile = gv_strdup(line + 8);
        return true;
    }
    if (sscanf(line, "socket %d %llu %llu", &fd, &device, &inode) == 3)
        return gv_sockets_adopt(&handover.sockets, fd, (dev_t)device, (ino_t)inode) ==
               GV_OK;
    if (sscanf(line, "shared %d %d", &fd, &locks) == 2) {
        gv_shared_adopt(fd, locks);
        return true;
    }
    if (sscanf(line, "passed %d %n", &fd, &at) == 1 && at > 0) {
        gv_passed_add(fd, line + at);
        return true;
    }
    return false;
}

static int read_lines(char *text, gv_error *error)
{
    char *rest = text;
    char *line = strsep(&rest, "\n");

    if (strcmp(line, GV_HANDOVER_FORMAT) != 0)
        return refuse("it is of another version", error);
    while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
        if (!read_line(line))
            return refuse(line, error);
    }
    return GV_OK;
}

/* All of a file that was just written, NUL-terminated. */
static void read_all(int fd, gv_buf *text)
{
    enum { PIECE = 4096 };
    ssize_t got;

    while ((got = pread(fd, gv_buf_reserve(text, PIECE), PIECE, (off_t)text->len)) > 0)
        text->len += (size_t)got;
    gv_buf_append(text, "", 1);
}

int gv_handover_open(gv_error *error)
{
    const char *variable = getenv(GV_HANDOVER_VARIABLE);
    gv_buf text = {0};
    int list, result;

    if (variable == NULL)
        return GV_OK;
    if (sscanf(variable, "%d %d", &list, &handover.channel) != 2)
        return refuse(GV_HANDOVER_VARIABLE " is wrong", error);
    unsetenv(GV_HANDOVER_VARIABLE);
    fcntl(handover.channel, F_SETFD, FD_CLOEXEC);
    gv_notify_mute(true);
    gv_handover_tell_alive(0);
    read_all(list, &text);
    result = read_lines(text.at, error);
    gv_buf_dispose(&text);
    close(list);
    return result;
}

bool gv_handover_is_under_way(void)
{
    return handover.channel >= 0;
}

void gv_handover_tell(const char *word, const char *text)
{
    char message[GV_HANDOVER_TEXT];
    int len = snprintf(message, sizeof(message), "%s %s", word, text);
    size_t size = (size_t)len < sizeof(message) ? (size_t)len : sizeof(message) - 1;

    if (gv_handover_is_under_way())
        send(handover.channel, message, size, MSG_NOSIGNAL);
}

void gv_handover_tell_alive(int64_t patience_ms)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRId64, patience_ms);
    gv_handover_tell("alive", text);
}

unsigned gv_handover_generation(void)
{
    return handover.generation;
}

void gv_handover_give_sockets(gv_sockets *sockets)
{
    *sockets = handover.sockets;
    handover.sockets = (gv_sockets){0};
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat first, second;

    return stat(a, &first) == 0 && stat(b, &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool gv_handover_has_pidfile(const char *path)
{
    return gv_handover_is_under_way() && path != NULL && handover.pidfile != NULL &&
           (strcmp(path, handover.pidfile) == 0 ||
            is_same_file(path, handover.pidfile));
}

/* Until it says `word`; one that is gone has let go of everything too. */
static int wait_for(const char *word)
{
    int64_t until = gv_clock_monotonic_ms() + ANSWER_LIMIT_MS, left;
    char message[GV_HANDOVER_TEXT];

    while ((left = until - gv_clock_monotonic_ms()) > 0) {
        struct pollfd polled = {.fd = handover.channel, .events = POLLIN};
        ssize_t len;

        if (poll(&polled, 1, (int)left) <= 0)
            continue;
        len = recv(handover.channel, message, sizeof(message) - 1, MSG_DONTWAIT);
        if (len < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        message[len > 0 ? len : 0] = '\0';
        if (len <= 0 || strcmp(message, word) == 0)
            return GV_OK;
    }
    return GV_FAILED;
}

int gv_handover_claim(const char *text, gv_error *error)
{
    gv_handover_tell("ready", text);
    return wait_for("yours") == GV_OK ? GV_OK : refuse("it does not let go", error);
}

/* Under its lock, so that it is not another guavad's by now. */
static void remove_pidfile(const char *path)
{
    gv_pidfile pidfile;
    gv_error error;

    if (gv_pidfile_open(&pidfile, path, &error) == GV_OK)
        gv_pidfile_close(&pidfile);
}

void gv_handover_confirm(const char *pidfile)
{
    if (handover.pidfile != NULL && !gv_handover_has_pidfile(pidfile))
        remove_pidfile(handover.pidfile);
    gv_handover_tell("taken", "");
    wait_for("done");
    close(handover.channel);
    handover.channel = -1;
    free(handover.pidfile);
    handover.pidfile = NULL;
    gv_notify_mute(false);
}
