/* Sessions: opened when a request's is first touched, saved before its answer leaves. */
#ifndef GV_PYTHON_SESSION_H
#define GV_PYTHON_SESSION_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* The session of `request`, which is an exchange's, as the router that it has come to has
 * them, or the server: opened once.  A new reference, or NULL with an exception set.
 * Borrows `request`. */
PyObject *gv_session_of(PyObject *request);

/* Saves the sessions that `request` has touched, if it has, and adds to the answer what
 * that asks for; an exception takes the answer's place.  The changes of a request that
 * failed (500 and above) are dropped.  Borrows `request`. */
void gv_session_save(gv_exchange *ex, PyObject *request);

#endif
