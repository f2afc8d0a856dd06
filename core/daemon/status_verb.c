#include "daemon/status_verb.h"

#include "base/buf.h"
#include "base/result.h"
#include "daemon/address.h"
#include "daemon/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_S = 10, PIECE = 16384 };

static int fail(const char *reason)
{
    fprintf(stderr, "guavad: %s\n", reason);
    return EXIT_FAILURE;
}

/* A connected socket, or GV_FAILED. */
static int open_connection(const gv_address *address, gv_error *error)
{
    static const struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = socket(address->at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return gv_error_set(error, "can not open a socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (connect(fd, &address->at.any, address->len) == 0)
        return fd;
    gv_error_set(error, "not running: nobody answers on %s: %s", address->name,
                 strerror(errno));
    close(fd);
    return GV_FAILED;
}

static int read_all(int fd, gv_buf *answer)
{
    ssize_t n;

    while ((n = recv(fd, gv_buf_reserve(answer, PIECE), PIECE, 0)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return GV_FAILED;
        answer->len += (size_t)n;
    }
    return GV_OK;
}

/* The body of a whole answer by 200; GV_SLICE_NONE for anything else. */
static gv_slice body_of(const gv_buf *answer)
{
    static const char good[] = "HTTP/1.1 200 ", end[] = "\r\n\r\n";
    gv_slice all = gv_buf_slice(answer);
    const char *found;

    if (!gv_slice_starts_with(all, GV_SLICE(good)))
        return GV_SLICE_NONE;
    found = memmem(all.at, all.len, end, sizeof(end) - 1);
    if (found == NULL)
        return GV_SLICE_NONE;
    return gv_slice_from(all, (size_t)(found - all.at) + sizeof(end) - 1);
}

static int ask(const gv_address *address, gv_error *error)
{
    static const char request[] = "GET /status.txt HTTP/1.0\r\n\r\n";
    int fd = open_connection(address, error);
    gv_buf answer = {0};
    gv_slice body = GV_SLICE_NONE;

    if (fd < 0)
        return GV_FAILED;
    if (send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0 &&
        read_all(fd, &answer) == GV_OK)
        body = body_of(&answer);
    close(fd);
    if (body.len > 0)
        fwrite(body.at, 1, body.len, stdout);
    gv_buf_dispose(&answer);
    if (body.len > 0)
        return GV_OK;
    return gv_error_set(error, "%s gives no status; is that another server?",
                        address->name);
}

static int ask_any(const gv_settings *settings, gv_error *error)
{
    for (size_t i = 0; i < settings->status_listen_count; i++) {
        gv_address address;

        if (gv_address_parse(&address, settings->status_listen[i], error) == GV_OK &&
            ask(&address, error) == GV_OK)
            return GV_OK;
    }
    return GV_FAILED;
}

int gv_status_verb(const char *config)
{
    gv_settings settings;
    gv_buf faults = {0};
    gv_error error = {""};
    int status;

    if (gv_check_run(config, GV_CHECK_FILE, &settings, &faults) != GV_OK) {
        gv_faults_print(&faults);
        gv_buf_dispose(&faults);
        return EXIT_FAILURE;
    }
    if (settings.status_listen_count == 0)
        status = fail("the configuration has no status.listen to ask; add one, such as "
                      "status: {listen: 127.0.0.1:8001}");
    else
        status = ask_any(&settings, &error) == GV_OK ? EXIT_SUCCESS : fail(error.text);
    gv_settings_dispose(&settings);
    return status;
}
