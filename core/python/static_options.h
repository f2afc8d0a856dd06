/* From mount_static()'s keyword arguments to a static router's options. */
#ifndef GV_PYTHON_STATIC_OPTIONS_H
#define GV_PYTHON_STATIC_OPTIONS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/static.h"

/* Fills `options` from a dict or NULL, those left out with their defaults.  0, or -1
 * with an exception set; either way the caller disposes of them. */
int gv_static_options_take(gv_static_options *options, PyObject *kwargs);

#endif
