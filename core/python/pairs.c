#include "python/pairs.h"

#include "http/form.h"
#include "python/headers.h"
#include "python/text.h"

/* Stores `value` under `key`; steals both, which may be NULL.  0, or -1 with an
 * exception set. */
static int store(PyObject *dict, PyObject *key, PyObject *value)
{
    int outcome = -1;

    if (key != NULL && value != NULL)
        outcome = PyDict_SetItem(dict, key, value);
    Py_XDECREF(key);
    Py_XDECREF(value);
    return outcome;
}

/* New reference, or NULL with an exception set. */
static PyObject *decoded(gv_buf *scratch, gv_slice text)
{
    scratch->len = 0;
    gv_form_decode(scratch, text);
    return gv_text_utf8(gv_buf_slice(scratch));
}

PyObject *gv_pairs_from_query(gv_slice text)
{
    PyObject *dict = PyDict_New();
    gv_slice rest = text, name, value;
    gv_buf scratch = {0};

    while (dict != NULL && gv_form_next(&rest, &name, &value)) {
        PyObject *key = decoded(&scratch, name);

        if (store(dict, key, decoded(&scratch, value)) < 0)
            Py_CLEAR(dict);
    }
    gv_buf_dispose(&scratch);
    return dict;
}

PyObject *gv_pairs_from_cookies(gv_slice text)
{
    PyObject *dict = PyDict_New();
    gv_slice rest = text, name, value;

    while (dict != NULL && gv_cookie_next(&rest, &name, &value)) {
        PyObject *key = gv_text_utf8(name), *content = gv_text_utf8(value);

        if (key == NULL || content == NULL ||
            PyDict_SetDefault(dict, key, content) == NULL)
            Py_CLEAR(dict);
        Py_XDECREF(key);
        Py_XDECREF(content);
    }
    return dict;
}

/* Puts `header` into `dict`, behind what is there already.  0, or -1. */
static int add_header(PyObject *dict, const gv_header *header)
{
    const char *joint = header->field == GV_FIELD_COOKIE ? "; " : ", ";
    PyObject *key = gv_headers_key(header->name);
    PyObject *value = gv_text_latin1(header->value);
    PyObject *before = key != NULL ? PyDict_GetItemWithError(dict, key) : NULL;

    if (before != NULL && value != NULL) {
        PyObject *joined = PyUnicode_FromFormat("%U%s%U", before, joint, value);

        Py_SETREF(value, joined);
    }
    if (PyErr_Occurred())
        Py_CLEAR(value);
    return store(dict, key, value);
}

PyObject *gv_pairs_from_headers(const gv_request *req)
{
    PyObject *dict = gv_headers_new();

    for (unsigned i = 0; dict != NULL && i < req->header_count; i++) {
        if (add_header(dict, &req->headers[i]) < 0)
            Py_CLEAR(dict);
    }
    return dict;
}
