/* Dictionaries from urlencoded texts, cookies and header fields. */
#ifndef GV_PYTHON_PAIRS_H
#define GV_PYTHON_PAIRS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "http/request.h"

/* Each returns a new reference, or NULL with an exception set. */

/* A MultiDict with the last value of each key of an urlencoded str or bytes (borrowed;
 * TypeError for anything else), of which it keeps a reference. */
PyObject *gv_pairs_from_query(PyObject *text);

/* A dict with the list of all values of each key. */
PyObject *gv_pairs_lists_from_query(gv_slice text);

/* The first value of each name. */
PyObject *gv_pairs_from_cookies(gv_slice text);

/* A Headers; values of fields that come several times are joined by ", " (cookies by
 * "; "), in order (RFC 9110, section 5.3). */
PyObject *gv_pairs_from_headers(const gv_request *req);

/* Calls `take` for each key and value of `mapping`.  0, or -1 with an exception set: as
 * `take` does, or TypeError where it has other things than pairs. */
int gv_pairs_each(PyObject *mapping,
                  int (*take)(void *to, PyObject *key, PyObject *value), void *to);

#endif
