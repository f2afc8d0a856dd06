/* Header fields that applications set. */
#ifndef GV_PYTHON_FIELDS_H
#define GV_PYTHON_FIELDS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "base/buf.h"

/* Appends "name: value" to `lines`.  0, or -1 with TypeError where they are not str,
 * with ValueError where either could split the response, or `name` is one of the fields
 * that frame the message, which are the server's. */
int gv_fields_add(gv_buf *lines, PyObject *name, PyObject *value);

/* The same for each pair of a sequence of tuples; a Content-Type takes the place of those
 * that are there.  1 where it was among them, else 0, or -1 with an exception set. */
int gv_fields_add_pairs(gv_buf *lines, PyObject *pairs);

/* A new list of (name, value); NULL with an exception set. */
PyObject *gv_fields_list(gv_slice lines);

/* Takes the lines called `name` out. */
void gv_fields_remove(gv_buf *lines, gv_slice name);

/* The next line of `rest`, which moves on; false at the end. */
bool gv_fields_next(gv_slice *rest, gv_slice *name, gv_slice *value);

#endif
