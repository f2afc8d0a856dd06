/* The type Action: one action of a controller, with all that can be known of it before
 * a request comes. */
#ifndef GV_PYTHON_ACTION_H
#define GV_PYTHON_ACTION_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "route/router.h"

typedef struct gv_py_action {
    PyObject_HEAD
    PyTypeObject *controller; /* owned, like all objects here */
    PyObject *name;
    PyObject *function;                /* called with the controller first */
    PyObject *constants;               /* a tuple: arguments before those of the URL;
                                        * at most GV_ARGS_MAX */
    PyObject *converters[GV_ARGS_MAX]; /* NULL: the text itself */
    int min_args, max_args;
    gv_method_set methods; /* with those that they imply */
    bool plain_init;       /* instances are made without calling the class */
    bool has_before, has_after;
} gv_py_action;

/* Adds the type to the module.  0, or -1 with an exception set. */
int gv_action_type_init(PyObject *module);

/* Whether `object` is an Action that __init__ has made whole. */
bool gv_py_action_check(PyObject *object);

/* What the route layer needs of it; `target` is `action`, borrowed. */
gv_action gv_py_action_route(PyObject *action);

#endif
