/* Sessions: opened when a request's is first touched, saved before its answer leaves. */
#ifndef GV_PYTHON_SESSION_H
#define GV_PYTHON_SESSION_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* The session of the request of `ex`, as the router or the server has them: a new
 * reference, and to `*save` what is to be called with request and session.  NULL with an
 * exception set.  Borrows `request`. */
PyObject *gv_session_open(const gv_exchange *ex, PyObject *request, PyObject **save);

/* Saves the session that `request` has touched, if it has, and adds to the answer what
 * that asks for; an exception takes the answer's place.  The changes of a request that
 * failed (500 and above) are dropped.  Borrows `request`. */
void gv_session_save(gv_exchange *ex, PyObject *request);

#endif
