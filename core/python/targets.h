/* The types Redirect, File and Resource: what a router leads to besides actions. */
#ifndef GV_PYTHON_TARGETS_H
#define GV_PYTHON_TARGETS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct gv_py_redirect {
    PyObject_HEAD
    PyObject *location; /* owned str */
    int status;
} gv_py_redirect;

typedef struct gv_py_file {
    PyObject_HEAD
    PyObject *path;      /* owned bytes, as the file system has it */
    PyObject *directory; /* the same, of what `path` is in; NULL: anywhere */
} gv_py_file;

typedef struct gv_py_resource {
    PyObject_HEAD
    PyObject *actions;  /* owned dict: name to Action */
    PyObject *children; /* owned dict: name to Resource */
} gv_py_resource;

/* Adds the types to the module.  0, or -1 with an exception set. */
int gv_targets_init(PyObject *module);

/* Whether `object` is one; a Redirect or File only where __init__ has made it whole. */
int gv_py_redirect_check(PyObject *object);
int gv_py_file_check(PyObject *object);
int gv_py_resource_check(PyObject *object);

#endif
