#include "python/controller.h"

#include "python/fields.h"
#include "python/request.h"
#include "python/text.h"

static PyTypeObject *type;

PyTypeObject *gv_controller_type(void)
{
    return type;
}

PyObject *gv_controller_new(PyTypeObject *of, PyObject *request)
{
    gv_controller *self = (gv_controller *)of->tp_alloc(of, 0);

    if (self == NULL)
        return NULL;
    self->status = 200;
    self->request = Py_NewRef(request);
    return (PyObject *)self;
}

/* Controller.__new__: new reference, or NULL with an exception set. */
static PyObject *new(PyTypeObject *of, PyObject *args, PyObject *kwargs)
{
    gv_controller *self = (gv_controller *)of->tp_alloc(of, 0);

    (void)args;
    (void)kwargs;
    if (self != NULL)
        self->status = 200;
    return (PyObject *)self;
}

/* Controller(request=None) */
static int init(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"request", NULL};
    gv_controller *self = (gv_controller *)object;
    PyObject *request = Py_None;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:Controller", names, &request))
        return -1;
    if (request == Py_None)
        return 0;
    if (Py_TYPE(request) != gv_py_request_type()) {
        PyErr_Format(PyExc_TypeError, "expected a Request, found %s",
                     Py_TYPE(request)->tp_name);
        return -1;
    }
    Py_XSETREF(self->request, Py_NewRef(request));
    return 0;
}

static void dealloc(PyObject *object)
{
    gv_controller *self = (gv_controller *)object;
    PyTypeObject *of = Py_TYPE(object);

    Py_CLEAR(self->request);
    gv_buf_dispose(&self->fields);
    gv_buf_dispose(&self->written);
    of->tp_free(object);
    Py_DECREF(of);
}

/* ---- what the request says ---- */

static PyObject *get_request(PyObject *object, void *unused)
{
    gv_controller *self = (gv_controller *)object;

    (void)unused;
    return Py_NewRef(self->request != NULL ? self->request : Py_None);
}

/* The request's attribute of that name, or that of an empty request: new reference, or
 * NULL with an exception set. */
static PyObject *get_from_request(PyObject *object, void *name)
{
    PyObject *request = ((gv_controller *)object)->request, *value = NULL;

    request = request != NULL ? Py_NewRef(request)
                              : PyObject_CallNoArgs((PyObject *)gv_py_request_type());
    if (request != NULL)
        value = PyObject_GetAttrString(request, name);
    Py_XDECREF(request);
    return value;
}

/* ---- the answer ---- */

static PyObject *get_status_code(PyObject *object, void *unused)
{
    (void)unused;
    return PyLong_FromLong(((gv_controller *)object)->status);
}

/* A new list of (name, value). */
static PyObject *get_headers(PyObject *object, void *unused)
{
    (void)unused;
    return gv_fields_list(gv_buf_slice(&((gv_controller *)object)->fields));
}

static PyObject *get_written(PyObject *object, void *unused)
{
    gv_buf *written = &((gv_controller *)object)->written;

    (void)unused;
    return PyBytes_FromStringAndSize(written->at, (Py_ssize_t)written->len);
}

static PyObject *write_bytes(PyObject *object, PyObject *data)
{
    gv_buf *written = &((gv_controller *)object)->written;
    gv_slice text;

    if (!PyBytes_Check(data) && !PyUnicode_Check(data))
        return PyErr_Format(PyExc_TypeError, "write() takes str or bytes, not %s",
                            Py_TYPE(data)->tp_name);
    if (!gv_text_or_bytes_slice(data, &text))
        return NULL;
    gv_buf_append_slice(written, text);
    Py_RETURN_NONE;
}

static PyObject *set_status_code(PyObject *object, PyObject *code)
{
    long status = PyLong_AsLong(code);

    if (status == -1 && PyErr_Occurred())
        return NULL;
    if (status < 200 || status > 599)
        return PyErr_Format(PyExc_ValueError,
                            "expected a status code from 200 to 599, found %ld",
                            status);
    ((gv_controller *)object)->status = (int)status;
    Py_RETURN_NONE;
}

static PyObject *put_header(PyObject *object, PyObject *args, bool replace)
{
    gv_controller *self = (gv_controller *)object;
    PyObject *name, *value;
    gv_slice text;
    gv_buf line = {0};

    if (!PyArg_ParseTuple(args, "UU", &name, &value))
        return NULL;
    if (gv_fields_add(&line, name, value) < 0)
        return NULL;
    gv_text_slice(name, &text);
    if (replace)
        gv_fields_remove(&self->fields, text);
    gv_buf_append_slice(&self->fields, gv_buf_slice(&line));
    gv_buf_dispose(&line);
    if (gv_slice_equal_nocase(text, GV_SLICE("content-type")))
        self->has_content_type = true;
    Py_RETURN_NONE;
}

static PyObject *set_header(PyObject *object, PyObject *args)
{
    return put_header(object, args, true);
}

static PyObject *add_header(PyObject *object, PyObject *args)
{
    return put_header(object, args, false);
}

static PyObject *do_nothing(PyObject *object, PyObject *unused)
{
    (void)object;
    (void)unused;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"write", write_bytes, METH_O, "Add str or bytes to the body."},
    {"set_status_code", set_status_code, METH_O, "Set the status, 200 to 599."},
    {"set_header", set_header, METH_VARARGS, "Replace a header field."},
    {"add_header", add_header, METH_VARARGS, "Add a header field."},
    {"before_action", do_nothing, METH_NOARGS,
     "Runs before the action; anything but None ends the request with it."},
    {"after_action", do_nothing, METH_NOARGS, "Runs after the action."},
    {NULL, NULL, 0, NULL},
};

#define FROM_REQUEST(name) {name, get_from_request, NULL, "As in the request.", name}

static PyGetSetDef attributes[] = {
    {"request", get_request, NULL, "The request, or None.", NULL},
    FROM_REQUEST("GET"),
    FROM_REQUEST("POST"),
    FROM_REQUEST("FILES"),
    FROM_REQUEST("COOKIES"),
    FROM_REQUEST("HEADERS"),
    FROM_REQUEST("SESSION"),
    {"status_code", get_status_code, NULL, "The status so far.", NULL},
    {"headers", get_headers, NULL, "The header fields so far, a new list.", NULL},
    {"written", get_written, NULL, "What write() gathered so far.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "What application controllers derive from."},
    {Py_tp_new, new},
    {Py_tp_init, init},
    {Py_tp_dealloc, dealloc},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "guava._core.Controller",
    .basicsize = sizeof(gv_controller),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

int gv_controller_type_init(PyObject *module)
{
    type = (PyTypeObject *)PyType_FromSpec(&spec);
    if (type == NULL)
        return -1;
    return PyModule_AddObjectRef(module, "Controller", (PyObject *)type);
}
