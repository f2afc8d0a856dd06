/* Between slices and Python's strings. */
#ifndef GV_PYTHON_TEXT_H
#define GV_PYTHON_TEXT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "base/slice.h"

/* Of a head: bytes outside ASCII become the characters of the same number (RFC 9110,
 * section 5.5: obs-text is opaque).  New reference, or NULL with an exception set. */
PyObject *gv_text_latin1(gv_slice text);

/* UTF-8; what is not becomes U+FFFD.  New reference, or NULL with an exception set. */
PyObject *gv_text_utf8(gv_slice text);

/* Of a decoded path (see http/path.h).  New reference, or NULL with an exception set. */
PyObject *gv_text_path(gv_slice path);

/* The UTF-8 bytes of a str, alive as long as it; false with an exception set where
 * `text` is no str, or has surrogates. */
bool gv_text_slice(PyObject *text, gv_slice *slice);

/* The same of a str or bytes; TypeError where it is neither. */
bool gv_text_or_bytes_slice(PyObject *data, gv_slice *slice);

/* The bytes of a bytes object, alive as long as it. */
gv_slice gv_bytes_slice(PyObject *bytes);

/* A str as the error log takes it, a new bytes object: what UTF-8 or a C string can
 * not hold (surrogates, NUL) is escaped.  NULL with an exception set. */
PyObject *gv_text_for_log(PyObject *text);

#endif
