#include "python/pairs.h"

#include "http/form.h"
#include "python/headers.h"
#include "python/multidict.h"
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

/* Takes each pair of `text` to `dict` by `take`, which steals key and value.  Steals
 * `dict`, which may be NULL, and returns it, or NULL with an exception set. */
static PyObject *take_pairs(PyObject *dict, gv_slice text,
                            int (*take)(PyObject *, PyObject *, PyObject *))
{
    gv_slice rest = text, name, value;
    gv_buf scratch = {0};

    while (dict != NULL && gv_form_next(&rest, &name, &value)) {
        PyObject *key = decoded(&scratch, name);

        if (take(dict, key, decoded(&scratch, value)) < 0)
            Py_CLEAR(dict);
    }
    gv_buf_dispose(&scratch);
    return dict;
}

PyObject *gv_pairs_from_query(PyObject *text)
{
    gv_slice slice;

    if (!gv_text_or_bytes_slice(text, &slice))
        return NULL;
    return take_pairs(gv_multidict_new(text), slice, store);
}

/* Puts `value` at the end of the list of `key`; steals both, which may be NULL.  0, or -1
 * with an exception set. */
static int add_to_list(PyObject *dict, PyObject *key, PyObject *value)
{
    PyObject *fresh = PyList_New(0), *list = NULL;
    int outcome = -1;

    if (key != NULL && value != NULL && fresh != NULL)
        list = PyDict_SetDefault(dict, key, fresh);
    if (list != NULL)
        outcome = PyList_Append(list, value);
    Py_XDECREF(key);
    Py_XDECREF(value);
    Py_XDECREF(fresh);
    return outcome;
}

PyObject *gv_pairs_lists_from_query(gv_slice text)
{
    return take_pairs(PyDict_New(), text, add_to_list);
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

int gv_pairs_each(PyObject *mapping,
                  int (*take)(void *to, PyObject *key, PyObject *value), void *to)
{
    PyObject *items = PyMapping_Items(mapping);
    int outcome = items != NULL ? 0 : -1;

    for (Py_ssize_t i = 0; outcome == 0 && i < PyList_GET_SIZE(items); i++) {
        PyObject *pair = PyList_GET_ITEM(items, i);

        if (PyTuple_Check(pair) && PyTuple_GET_SIZE(pair) == 2) {
            outcome = take(to, PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1));
        } else {
            PyErr_Format(PyExc_TypeError, "expected a pair, found %R", pair);
            outcome = -1;
        }
    }
    Py_XDECREF(items);
    return outcome;
}
