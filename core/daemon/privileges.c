#include "daemon/privileges.h"

#include "base/result.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

static bool is_already(const gv_identity *identity)
{
    return (!identity->has_uid || identity->uid == geteuid()) &&
           (!identity->has_gid || identity->gid == getegid());
}

int gv_privileges_check(const gv_identity *identity, gv_error *error)
{
    if (geteuid() == 0 || is_already(identity))
        return GV_OK;
    return gv_error_set(error,
                        "server.user and server.group need root: start guavad as "
                        "root, or leave them out");
}

static int set_groups(const gv_identity *identity, gid_t gid)
{
    if (identity->name != NULL)
        return initgroups(identity->name, gid);
    return setgroups(1, &gid);
}

static int set_user(uid_t uid, gv_error *error)
{
    if (setresuid(uid, uid, uid) < 0)
        return gv_error_set(error, "can not become user %u: %s", uid, strerror(errno));
    if (uid != 0 && setuid(0) == 0)
        return gv_error_set(error, "user %u could become root again", uid);
    return GV_OK;
}

int gv_privileges_drop(const gv_identity *identity, gv_error *error)
{
    gid_t gid = identity->gid;

    if (!identity->has_gid)
        return GV_OK;
    if (geteuid() != 0 && is_already(identity))
        return GV_OK;
    if (set_groups(identity, gid) < 0 || setresgid(gid, gid, gid) < 0)
        return gv_error_set(error, "can not become group %u: %s", gid, strerror(errno));
    return identity->has_uid ? set_user(identity->uid, error) : GV_OK;
}
