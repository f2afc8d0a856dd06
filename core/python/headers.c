#include "python/headers.h"

#include "python/pairs.h"

static PyTypeObject *type;

PyObject *gv_headers_key(gv_slice name)
{
    PyObject *key = PyUnicode_New((Py_ssize_t)name.len, 127);
    Py_UCS1 *to;

    if (key == NULL)
        return NULL;
    to = PyUnicode_1BYTE_DATA(key);
    for (size_t i = 0; i < name.len; i++)
        to[i] = (Py_UCS1)Py_TOLOWER(name.at[i]);
    return key;
}

/* New reference to the key that `name`, a str or anything else, is looked up by. */
static PyObject *key_of(PyObject *name)
{
    Py_ssize_t len;
    const char *text;

    if (!PyUnicode_Check(name) || !PyUnicode_IS_ASCII(name))
        return Py_NewRef(name);
    text = PyUnicode_AsUTF8AndSize(name, &len);
    return text != NULL ? gv_headers_key((gv_slice){text, (size_t)len}) : NULL;
}

PyObject *gv_headers_new(void)
{
    return PyObject_CallNoArgs((PyObject *)type);
}

/* New reference, or NULL with KeyError. */
static PyObject *subscript(PyObject *self, PyObject *name)
{
    PyObject *key = key_of(name), *value = NULL;

    if (key != NULL)
        value = PyDict_GetItemWithError(self, key);
    Py_XINCREF(value);
    Py_XDECREF(key);
    if (value == NULL && !PyErr_Occurred())
        PyErr_SetObject(PyExc_KeyError, name);
    return value;
}

static int assign(PyObject *self, PyObject *name, PyObject *value)
{
    PyObject *key = key_of(name);
    int outcome = -1;

    if (key != NULL && value != NULL)
        outcome = PyDict_SetItem(self, key, value);
    else if (key != NULL)
        outcome = PyDict_DelItem(self, key);
    Py_XDECREF(key);
    return outcome;
}

static int contains(PyObject *self, PyObject *name)
{
    PyObject *key = key_of(name);
    int outcome = key != NULL ? PyDict_Contains(self, key) : -1;

    Py_XDECREF(key);
    return outcome;
}

/* get(name, default=None): new reference, or NULL with an exception set. */
static PyObject *get(PyObject *self, PyObject *args)
{
    PyObject *name, *otherwise = Py_None, *value;

    if (!PyArg_ParseTuple(args, "O|O:get", &name, &otherwise))
        return NULL;
    value = subscript(self, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_KeyError)) {
        PyErr_Clear();
        value = Py_NewRef(otherwise);
    }
    return value;
}

static int take(void *self, PyObject *name, PyObject *value)
{
    return assign(self, name, value);
}

/* Stores all of `mapping`.  0, or -1 with an exception set. */
static int update(PyObject *self, PyObject *mapping)
{
    return gv_pairs_each(mapping, take, self);
}

PyObject *gv_headers_from_mapping(PyObject *mapping)
{
    PyObject *self = gv_headers_new();

    if (self != NULL && update(self, mapping) < 0)
        Py_CLEAR(self);
    return self;
}

/* Headers(mapping={}) */
static int init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *mapping = NULL;
    static char *names[] = {"mapping", NULL};

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:Headers", names, &mapping))
        return -1;
    return mapping != NULL ? update(self, mapping) : 0;
}

static PyMethodDef methods[] = {
    {"get", get, METH_VARARGS, "The field's value, or a default."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Header fields by lower-case name; look-ups ignore the case."},
    {Py_tp_init, init},
    {Py_tp_methods, methods},
    {Py_mp_subscript, subscript},
    {Py_mp_ass_subscript, assign},
    {Py_sq_contains, contains},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "guava._core.Headers",
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

int gv_headers_init(PyObject *module)
{
    type = (PyTypeObject *)PyType_FromSpecWithBases(&spec, (PyObject *)&PyDict_Type);
    if (type == NULL)
        return -1;
    return PyModule_AddObjectRef(module, "Headers", (PyObject *)type);
}
