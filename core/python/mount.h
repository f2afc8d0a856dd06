/* From Python's description of the routes to the router's tables. */
#ifndef GV_PYTHON_MOUNT_H
#define GV_PYTHON_MOUNT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "route/router.h"

/* Each fills what it is given from a dict whose Actions, Redirects and Files stay
 * borrowed: the caller keeps the dict, and nobody changes it.  0, or -1 with an
 * exception set. */

/* {module: {action: Action, or a tuple of them for different methods}}; the inner mappings
 * are replaced by copies. */
int gv_mount_mvc(gv_mvc *mvc, PyObject *modules);

/* {name: Resource} */
int gv_mount_rest(gv_rest *rest, PyObject *resources);

/* {path: Action | Redirect | File} */
int gv_mount_table(gv_table *table, PyObject *routes);

#endif
