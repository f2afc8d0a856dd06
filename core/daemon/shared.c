#include "daemon/shared.h"

#include "base/result.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

static gv_shared_files shared = {-1, -1};

void gv_shared_adopt(int data, int locks)
{
    fcntl(data, F_SETFD, FD_CLOEXEC);
    fcntl(locks, F_SETFD, FD_CLOEXEC);
    shared = (gv_shared_files){data, locks};
}

/* A file that any user may open who has its descriptor: workers open it anew, after they
 * have become server.user. */
static int make(const char *name)
{
    return memfd_create(name, MFD_CLOEXEC);
}

int gv_shared_open(gv_error *error)
{
    if (shared.data < 0)
        shared = (gv_shared_files){make("guava-shared"), make("guava-shared-locks")};
    if (shared.data < 0 || shared.locks < 0)
        return gv_error_set(error, "can not make the workers' shared memory: %s",
                            strerror(errno));
    return GV_OK;
}

gv_shared_files gv_shared_get(void)
{
    return shared;
}
