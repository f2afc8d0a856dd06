#include "python/multidict.h"

#include "python/pairs.h"
#include "python/text.h"

/* Lists cost time and memory, and hardly a key comes more than once: they are made when
 * getlist() is first called, from `source`, and then stand in its place. */
typedef struct gv_multidict {
    PyDictObject dict;
    PyObject *source; /* owned: str or bytes, then a dict of lists; NULL: no lists */
} gv_multidict;

static PyTypeObject *type;

PyObject *gv_multidict_new(PyObject *source)
{
    PyObject *self = PyObject_CallNoArgs((PyObject *)type);

    if (self != NULL)
        ((gv_multidict *)self)->source = Py_XNewRef(source);
    return self;
}

/* ---- all values of a key ---- */

/* The lists by key, a borrowed reference; NULL where there are none, or with an exception
 * set. */
static PyObject *lists_of(gv_multidict *self)
{
    PyObject *lists;
    gv_slice text;

    if (self->source == NULL || PyDict_Check(self->source))
        return self->source;
    if (!gv_text_or_bytes_slice(self->source, &text))
        return NULL;
    lists = gv_pairs_lists_from_query(text);
    if (lists != NULL)
        Py_SETREF(self->source, lists);
    return lists;
}

/* Whether `value` is the last of `list`; -1 with an exception set. */
static int is_last(PyObject *list, PyObject *value)
{
    Py_ssize_t len = PyList_GET_SIZE(list);

    if (len == 0)
        return 0;
    return PyObject_RichCompareBool(PyList_GET_ITEM(list, len - 1), value, Py_EQ);
}

/* A new list of one; NULL with an exception set. */
static PyObject *alone(PyObject *value)
{
    PyObject *list = PyList_New(1);

    if (list != NULL)
        PyList_SET_ITEM(list, 0, Py_NewRef(value));
    return list;
}

/* The lists say what came; the dict itself may have been changed since. */
static PyObject *getlist(PyObject *object, PyObject *key)
{
    PyObject *value = PyDict_GetItemWithError(object, key), *lists, *list = NULL;
    int current = 0;

    if (value == NULL)
        return PyErr_Occurred() ? NULL : PyList_New(0);
    lists = lists_of((gv_multidict *)object);
    if (lists != NULL)
        list = PyDict_GetItemWithError(lists, key);
    if (list != NULL)
        current = is_last(list, value);
    if (PyErr_Occurred())
        return NULL;
    return current ? PyList_GetSlice(list, 0, PY_SSIZE_T_MAX) : alone(value);
}

/* ---- making one ---- */

typedef struct filled {
    PyObject *dict, *lists;
} filled;

/* Stores a value, or the last one of a list and the list in `lists`.  0, or -1 with an
 * exception set. */
static int put(void *to, PyObject *key, PyObject *value)
{
    const filled *self = to;
    PyObject *copy;
    Py_ssize_t len;
    int outcome = -1;

    if (!PyList_Check(value))
        return PyDict_SetItem(self->dict, key, value);
    copy = PyList_GetSlice(value, 0, PY_SSIZE_T_MAX);
    if (copy == NULL)
        return -1;
    len = PyList_GET_SIZE(copy);
    if (len == 0)
        outcome = 0;
    else if (PyDict_SetItem(self->lists, key, copy) == 0)
        outcome = PyDict_SetItem(self->dict, key, PyList_GET_ITEM(copy, len - 1));
    Py_DECREF(copy);
    return outcome;
}

/* Takes over all of `mapping`.  0, or -1 with an exception set. */
static int fill(PyObject *self, PyObject *mapping)
{
    filled to = {self, PyDict_New()};
    int outcome = to.lists != NULL ? gv_pairs_each(mapping, put, &to) : -1;

    if (outcome == 0)
        Py_XSETREF(((gv_multidict *)self)->source, Py_NewRef(to.lists));
    Py_XDECREF(to.lists);
    return outcome;
}

PyObject *gv_multidict_from_mapping(PyObject *mapping)
{
    PyObject *self;

    if (PyObject_TypeCheck(mapping, type))
        return Py_NewRef(mapping);
    self = gv_multidict_new(NULL);
    if (self != NULL && fill(self, mapping) < 0)
        Py_CLEAR(self);
    return self;
}

/* MultiDict(mapping={}) */
static int init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *mapping = NULL;
    static char *names[] = {"mapping", NULL};

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:MultiDict", names, &mapping))
        return -1;
    return mapping != NULL ? fill(self, mapping) : 0;
}

/* ---- its life ---- */

static int traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((gv_multidict *)self)->source);
    return PyDict_Type.tp_traverse(self, visit, arg);
}

static int clear(PyObject *self)
{
    Py_CLEAR(((gv_multidict *)self)->source);
    return PyDict_Type.tp_clear(self);
}

static void dealloc(PyObject *self)
{
    PyTypeObject *of = Py_TYPE(self);

    PyObject_GC_UnTrack(self);
    Py_CLEAR(((gv_multidict *)self)->source);
    PyDict_Type.tp_dealloc(self); /* which frees it by its type's tp_free */
    Py_DECREF(of);
}

static PyMethodDef methods[] = {
    {"getlist", getlist, METH_O, "All values of a key, in the order they came."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "A dict of the last value by key; getlist() has them all."},
    {Py_tp_init, init},
    {Py_tp_traverse, traverse},
    {Py_tp_clear, clear},
    {Py_tp_dealloc, dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "guava._core.MultiDict",
    .basicsize = sizeof(gv_multidict),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

int gv_multidict_init(PyObject *module)
{
    type = (PyTypeObject *)PyType_FromSpecWithBases(&spec, (PyObject *)&PyDict_Type);
    if (type == NULL)
        return -1;
    return PyModule_AddObjectRef(module, "MultiDict", (PyObject *)type);
}
