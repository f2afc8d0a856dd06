/* Giving up root. */
#ifndef GV_DAEMON_PRIVILEGES_H
#define GV_DAEMON_PRIVILEGES_H

#include "daemon/error.h"
#include "daemon/settings.h"

/* GV_OK if this process may become `identity`; GV_FAILED says why not. */
int gv_privileges_check(const gv_identity *identity, gv_error *error);

/* Becomes `identity` for good: groups, group, user, in this order, and makes sure
 * that there is no way back.  A no-op for the identity it already has. */
int gv_privileges_drop(const gv_identity *identity, gv_error *error);

#endif
