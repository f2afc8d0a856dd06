#include "python/action.h"

#include "python/controller.h"
#include "python/framework.h"
#include "python/text.h"

static PyTypeObject *type;

bool gv_py_action_check(PyObject *object)
{
    return Py_TYPE(object) == type && ((gv_py_action *)object)->function != NULL;
}

gv_action gv_py_action_route(PyObject *object)
{
    gv_py_action *action = (gv_py_action *)object;

    return (gv_action){action->min_args, action->max_args, action, action->methods};
}

/* 0, or -1 with an exception set. */
static int take_converters(gv_py_action *self, PyObject *converters)
{
    PyObject *all = PySequence_Fast(converters, "expected a sequence of converters");
    Py_ssize_t count = all != NULL ? PySequence_Fast_GET_SIZE(all) : 0;

    for (Py_ssize_t i = 0; i < count && i < GV_ARGS_MAX; i++) {
        PyObject *converter = PySequence_Fast_GET_ITEM(all, i);

        if (converter != Py_None && !PyCallable_Check(converter)) {
            PyErr_Format(PyExc_TypeError, "%R converts nothing", converter);
            Py_DECREF(all);
            return -1;
        }
        if (converter != Py_None && converter != (PyObject *)&PyUnicode_Type)
            self->converters[i] = Py_NewRef(converter);
    }
    Py_XDECREF(all);
    return all != NULL ? 0 : -1;
}

/* 0, or -1 with an exception set. */
static int take_constants(gv_py_action *self, PyObject *constants)
{
    self->constants = constants != NULL ? PySequence_Tuple(constants) : PyTuple_New(0);
    if (self->constants == NULL)
        return -1;
    if (PyTuple_GET_SIZE(self->constants) <= GV_ARGS_MAX)
        return 0;
    PyErr_Format(PyExc_ValueError, "an action takes at most %d arguments, found %zd",
                 GV_ARGS_MAX, PyTuple_GET_SIZE(self->constants));
    return -1;
}

/* From their names; NULL: all.  0, or -1 with an exception set. */
static int take_methods(gv_py_action *self, PyObject *names)
{
    PyObject *all = names != NULL ? PySequence_Tuple(names) : PyTuple_New(0);
    Py_ssize_t count = all != NULL ? PyTuple_GET_SIZE(all) : 0;
    gv_method_set methods = 0;

    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *name = PyTuple_GET_ITEM(all, i);
        gv_slice text = GV_SLICE_NONE;
        gv_method method;

        if (PyUnicode_Check(name) && !gv_text_slice(name, &text))
            break;
        method = gv_method_named(text);
        if (method == GV_METHOD_COUNT) {
            PyErr_Format(PyExc_ValueError, "%R is no method", name);
            break;
        }
        methods |= GV_METHOD_BIT(method);
    }
    Py_XDECREF(all);
    self->methods = gv_method_set_complete(methods);
    return PyErr_Occurred() ? -1 : 0;
}

/* Whether `controller` gives `name` a meaning of its own.  -1 with an exception set. */
static int overrides(PyTypeObject *controller, PyObject *name)
{
    PyObject *own = PyObject_GetAttr((PyObject *)controller, name);
    PyObject *base = PyObject_GetAttr((PyObject *)gv_controller_type(), name);
    int different = own != NULL && base != NULL ? own != base : -1;

    Py_XDECREF(own);
    Py_XDECREF(base);
    return different;
}

/* Whether calling the class runs no code but the base's. */
static bool is_plain(const PyTypeObject *controller)
{
    const PyTypeObject *base = gv_controller_type();

    return controller->tp_init == base->tp_init && controller->tp_new == base->tp_new &&
           Py_TYPE(controller)->tp_call == PyType_Type.tp_call;
}

/* 0, or -1 with an exception set. */
static int resolve(gv_py_action *self)
{
    int before = overrides(self->controller, GV_NAME(before_action));
    int after = overrides(self->controller, GV_NAME(after_action));

    self->function = PyObject_GetAttr((PyObject *)self->controller, self->name);
    if (self->function == NULL || before < 0 || after < 0)
        return -1;
    if (!PyCallable_Check(self->function)) {
        PyErr_Format(PyExc_TypeError, "%R of %R can not be called", self->name,
                     self->controller);
        return -1;
    }
    self->has_before = before;
    self->has_after = after;
    self->plain_init = is_plain(self->controller);
    return 0;
}

static int init(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"controller", "name", "min_args", "max_args",
                            "converters", "args", "methods",  NULL};
    gv_py_action *self = (gv_py_action *)object;
    PyObject *controller, *name;
    PyObject *converters = NULL, *constants = NULL, *methods = NULL;

    if (self->controller != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "an Action does not change");
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(
            args, kwargs, "O!U|$iiOOO:Action", names, &PyType_Type, &controller, &name,
            &self->min_args, &self->max_args, &converters, &constants, &methods))
        return -1;
    if (!PyType_IsSubtype((PyTypeObject *)controller, gv_controller_type())) {
        PyErr_Format(PyExc_TypeError, "%R is no Controller", controller);
        return -1;
    }
    self->controller = (PyTypeObject *)Py_NewRef(controller);
    self->name = Py_NewRef(name);
    if (take_constants(self, constants) < 0 || take_methods(self, methods) < 0)
        return -1;
    if (converters != NULL && take_converters(self, converters) < 0)
        return -1;
    return resolve(self);
}

static void dealloc(PyObject *object)
{
    gv_py_action *self = (gv_py_action *)object;
    PyTypeObject *of = Py_TYPE(object);

    Py_XDECREF(self->controller);
    Py_XDECREF(self->name);
    Py_XDECREF(self->function);
    Py_XDECREF(self->constants);
    for (int i = 0; i < GV_ARGS_MAX; i++)
        Py_XDECREF(self->converters[i]);
    of->tp_free(object);
    Py_DECREF(of);
}

static PyObject *get_controller(PyObject *self, void *unused)
{
    PyTypeObject *controller = ((gv_py_action *)self)->controller;

    (void)unused;
    return Py_NewRef(controller != NULL ? (PyObject *)controller : Py_None);
}

static PyObject *get_name(PyObject *self, void *unused)
{
    PyObject *name = ((gv_py_action *)self)->name;

    (void)unused;
    return Py_NewRef(name != NULL ? name : Py_None);
}

/* A new tuple of names. */
static PyObject *get_methods(PyObject *self, void *unused)
{
    gv_method_set methods = ((gv_py_action *)self)->methods;
    PyObject *names = PyList_New(0), *tuple = NULL;

    (void)unused;
    for (gv_method method = 0; names != NULL && method < GV_METHOD_COUNT; method++) {
        PyObject *name;

        if ((methods & GV_METHOD_BIT(method)) == 0)
            continue;
        name = gv_text_latin1(gv_method_name(method));
        if (name == NULL || PyList_Append(names, name) < 0)
            Py_CLEAR(names);
        Py_XDECREF(name);
    }
    if (names != NULL)
        tuple = PyList_AsTuple(names);
    Py_XDECREF(names);
    return tuple;
}

static PyGetSetDef attributes[] = {
    {"controller", get_controller, NULL, "The controller's class.", NULL},
    {"name", get_name, NULL, "The action's name.", NULL},
    {"methods", get_methods, NULL, "The methods that it answers.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "An action of a controller, resolved once, called for each request."},
    {Py_tp_init, init},
    {Py_tp_dealloc, dealloc},
    {Py_tp_getset, attributes},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "guava._core.Action",
    .basicsize = sizeof(gv_py_action),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

int gv_action_type_init(PyObject *module)
{
    type = (PyTypeObject *)PyType_FromSpec(&spec);
    if (type == NULL)
        return -1;
    return PyModule_AddObjectRef(module, "Action", (PyObject *)type);
}
