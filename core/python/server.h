/* The type Server: a gv_server, its router, and what both refer to. */
#ifndef GV_PYTHON_SERVER_H
#define GV_PYTHON_SERVER_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Adds the type to the module.  0, or -1 with an exception set. */
int gv_server_type_init(PyObject *module);

#endif
