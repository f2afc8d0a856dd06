/* The engine's settings, from dicts. */
#ifndef GV_PYTHON_SETTINGS_H
#define GV_PYTHON_SETTINGS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/server.h"

/* What holds where nothing else is said; the configuration has the same defaults. */
gv_server_config gv_settings_default(void);

/* Takes over what `timeouts` (milliseconds) and `limits` name; either may be NULL.
 * 0, or -1 with an exception set: ValueError for an unknown name or a negative one. */
int gv_settings_take(gv_server_config *config, PyObject *timeouts, PyObject *limits);

/* Adds the networks that the texts of `sequence` name.  0, or -1 with an exception set. */
int gv_settings_networks(gv_networks *networks, PyObject *sequence);

#endif
