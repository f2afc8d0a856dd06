#include "daemon/proc.h"

#include "base/result.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

uint64_t gv_proc_resident(pid_t pid)
{
    unsigned long long all, resident;
    char name[32], text[128];
    ssize_t len;
    int fd;

    snprintf(name, sizeof(name), "/proc/%d/statm", (int)pid);
    fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    len = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (len <= 0)
        return 0;
    text[len] = '\0';
    if (sscanf(text, "%llu %llu", &all, &resident) != 2)
        return 0;
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Of a listening socket the kernel gives both in fields that mean something else for a
 * connection (tcp_get_info() in Linux). */
int gv_proc_accept_queue(int fd, unsigned *waiting, unsigned *room)
{
    struct tcp_info info;
    socklen_t len = sizeof(info);

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 ||
        info.tcpi_state != TCP_LISTEN)
        return GV_DECLINED;
    *waiting = info.tcpi_unacked;
    *room = info.tcpi_sacked;
    return GV_OK;
}
