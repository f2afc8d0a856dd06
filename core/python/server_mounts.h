/* The methods of a Server by which routers are mounted. */
#ifndef GV_PYTHON_SERVER_MOUNTS_H
#define GV_PYTHON_SERVER_MOUNTS_H

#include "python/server_parts.h"

/* Each is what guava/_core.pyi says of the method of its name: a new reference to None,
 * or NULL with an exception set. */
PyObject *gv_server_mount_static(PyObject *object, PyObject *args, PyObject *kwargs);
PyObject *gv_server_mount_mvc(PyObject *object, PyObject *args);
PyObject *gv_server_mount_rest(PyObject *object, PyObject *args);
PyObject *gv_server_mount_table(PyObject *object, PyObject *args);
PyObject *gv_server_mount_python(PyObject *object, PyObject *args);
PyObject *gv_server_mount_callable(PyObject *object, PyObject *args);
PyObject *gv_server_set_error_pages(PyObject *object, PyObject *args);
PyObject *gv_server_set_error_pages_of_all(PyObject *object, PyObject *args);
PyObject *gv_server_set_types(PyObject *object, PyObject *args);
PyObject *gv_server_set_surroundings(PyObject *object, PyObject *args);
PyObject *gv_server_set_surroundings_of_all(PyObject *object, PyObject *args);

/* All that the mounts refer to: not before the server has ended. */
void gv_server_free_mounts(gv_py_server *self);

#endif
