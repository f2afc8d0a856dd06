#include "python/targets.h"

#include "http/response.h"
#include "python/text.h"

static PyTypeObject *redirect_type, *file_type, *resource_type;

int gv_py_redirect_check(PyObject *object)
{
    return Py_TYPE(object) == redirect_type &&
           ((gv_py_redirect *)object)->location != NULL;
}

int gv_py_file_check(PyObject *object)
{
    return Py_TYPE(object) == file_type && ((gv_py_file *)object)->path != NULL;
}

int gv_py_resource_check(PyObject *object)
{
    return Py_TYPE(object) == resource_type;
}

/* ---- Redirect(location, status=302) ---- */

static int init_redirect(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"location", "status", NULL};
    gv_py_redirect *self = (gv_py_redirect *)object;
    PyObject *location;
    gv_slice text;

    self->status = 302;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "U|i:Redirect", names, &location,
                                     &self->status) ||
        !gv_text_slice(location, &text))
        return -1;
    if (!gv_field_value_valid(text) || self->status < 300 || self->status > 399) {
        PyErr_Format(PyExc_ValueError, "%R with status %d is no redirection", location,
                     self->status);
        return -1;
    }
    Py_XSETREF(self->location, Py_NewRef(location));
    return 0;
}

static void dealloc_redirect(PyObject *object)
{
    PyTypeObject *of = Py_TYPE(object);

    Py_XDECREF(((gv_py_redirect *)object)->location);
    of->tp_free(object);
    Py_DECREF(of);
}

static PyType_Slot redirect_slots[] = {
    {Py_tp_doc, "A redirection that the engine answers by itself."},
    {Py_tp_init, init_redirect},
    {Py_tp_dealloc, dealloc_redirect},
    {0, NULL},
};

static PyType_Spec redirect_spec = {
    .name = "guava._core.Redirect",
    .basicsize = sizeof(gv_py_redirect),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = redirect_slots,
};

/* ---- File(path, directory=None) ---- */

/* A "O&" converter: None is no path. */
static int convert_path(PyObject *object, void *path)
{
    return object == Py_None ? 1 : PyUnicode_FSConverter(object, path);
}

static int init_file(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"path", "directory", NULL};
    gv_py_file *self = (gv_py_file *)object;
    PyObject *path = NULL, *directory = NULL;

    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&|O&:File", names,
                                     PyUnicode_FSConverter, &path, convert_path,
                                     &directory))
        return -1;
    Py_XSETREF(self->path, path);
    Py_XSETREF(self->directory, directory);
    return 0;
}

static void dealloc_file(PyObject *object)
{
    PyTypeObject *of = Py_TYPE(object);

    Py_XDECREF(((gv_py_file *)object)->path);
    Py_XDECREF(((gv_py_file *)object)->directory);
    of->tp_free(object);
    Py_DECREF(of);
}

static PyType_Slot file_slots[] = {
    {Py_tp_doc, "One file that the engine sends by itself."},
    {Py_tp_init, init_file},
    {Py_tp_dealloc, dealloc_file},
    {0, NULL},
};

static PyType_Spec file_spec = {
    .name = "guava._core.File",
    .basicsize = sizeof(gv_py_file),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = file_slots,
};

/* ---- Resource(actions, children={}) ---- */

/* A new dict from a mapping or nothing; NULL with an exception set. */
static PyObject *dict_of(PyObject *mapping)
{
    PyObject *dict = PyDict_New();

    if (dict != NULL && mapping != NULL && PyDict_Update(dict, mapping) < 0)
        Py_CLEAR(dict);
    return dict;
}

static int init_resource(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"actions", "children", NULL};
    gv_py_resource *self = (gv_py_resource *)object;
    PyObject *actions, *children = NULL;

    if (self->actions != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a Resource does not change");
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:Resource", names, &actions,
                                     &children))
        return -1;
    self->actions = dict_of(actions);
    self->children = dict_of(children);
    return self->actions != NULL && self->children != NULL ? 0 : -1;
}

static void dealloc_resource(PyObject *object)
{
    gv_py_resource *self = (gv_py_resource *)object;
    PyTypeObject *of = Py_TYPE(object);

    Py_XDECREF(self->actions);
    Py_XDECREF(self->children);
    of->tp_free(object);
    Py_DECREF(of);
}

static PyType_Slot resource_slots[] = {
    {Py_tp_doc, "A REST collection: its actions, and what lies below its elements."},
    {Py_tp_init, init_resource},
    {Py_tp_dealloc, dealloc_resource},
    {0, NULL},
};

static PyType_Spec resource_spec = {
    .name = "guava._core.Resource",
    .basicsize = sizeof(gv_py_resource),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = resource_slots,
};

int gv_targets_init(PyObject *module)
{
    redirect_type = (PyTypeObject *)PyType_FromSpec(&redirect_spec);
    file_type = (PyTypeObject *)PyType_FromSpec(&file_spec);
    resource_type = (PyTypeObject *)PyType_FromSpec(&resource_spec);
    if (redirect_type == NULL || file_type == NULL || resource_type == NULL)
        return -1;
    if (PyModule_AddObjectRef(module, "Redirect", (PyObject *)redirect_type) < 0 ||
        PyModule_AddObjectRef(module, "File", (PyObject *)file_type) < 0)
        return -1;
    return PyModule_AddObjectRef(module, "Resource", (PyObject *)resource_type);
}
