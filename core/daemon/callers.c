#include "daemon/callers.h"

#include "base/mem.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

socklen_t gv_caller_address(struct sockaddr_un *address, pid_t pid)
{
    size_t room = sizeof(address->sun_path) - 1;
    int len;

    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    len = snprintf(address->sun_path + 1, room, "guavad-reply/%d", (int)pid);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
}

bool gv_callers_include(const gv_callers *callers, pid_t pid)
{
    for (size_t i = 0; i < callers->count; i++) {
        if (callers->pids[i] == pid)
            return true;
    }
    return false;
}

void gv_callers_add(gv_callers *callers, pid_t pid)
{
    if (pid == 0 || gv_callers_include(callers, pid))
        return;
    callers->pids = gv_realloc(callers->pids, (callers->count + 1) * sizeof(pid_t));
    callers->pids[callers->count++] = pid;
}

void gv_callers_tell(const gv_callers *callers, const char *word, const char *text)
{
    char message[GV_CALLER_TEXT];
    int len = snprintf(message, sizeof(message), "%s %s", word, text);
    size_t size = (size_t)len < sizeof(message) ? (size_t)len : sizeof(message) - 1;
    int fd;

    if (callers->count == 0)
        return;
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    for (size_t i = 0; i < callers->count; i++) {
        struct sockaddr_un address;
        socklen_t at = gv_caller_address(&address, callers->pids[i]);

        sendto(fd, message, size, 0, (struct sockaddr *)&address, at);
    }
    close(fd);
}

void gv_callers_dismiss(gv_callers *callers, const char *word, const char *text)
{
    gv_callers_tell(callers, word, text);
    free(callers->pids);
    *callers = (gv_callers){0};
}
