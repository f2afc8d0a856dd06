/* The module guava._core. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "base/log.h"
#include "base/mapping.h"
#include "http/accept.h"
#include "http/path.h"
#include "python/action.h"
#include "python/conditions.h"
#include "python/controller.h"
#include "python/framework.h"
#include "python/headers.h"
#include "python/multidict.h"
#include "python/pairs.h"
#include "python/request.h"
#include "python/server.h"
#include "python/targets.h"
#include "python/text.h"

/* ---- the error log ---- */

static bool is_level(int level)
{
    if (level >= GV_DEBUG && level <= GV_ERROR)
        return true;
    PyErr_Format(PyExc_ValueError, "%d is no log level", level);
    return false;
}

static PyObject *log_open(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"fd", "level", "name", "generation", "json", NULL};
    int fd, level, json = 0;
    unsigned generation = 0;
    const char *name;

    (void)module;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "iis|$Ip:log_open", names, &fd,
                                     &level, &name, &generation, &json) ||
        !is_level(level))
        return NULL;
    gv_log_set_fd(fd);
    gv_log_set_level((gv_level)level);
    gv_log_set_name(name);
    gv_log_set_generation(generation);
    gv_log_set_json(json);
    Py_RETURN_NONE;
}

/* As gv_text_for_log(); NULL without an exception for None. */
static PyObject *optional_text(PyObject *text)
{
    return text != Py_None ? gv_text_for_log(text) : NULL;
}

static PyObject *log_message(PyObject *module, PyObject *args)
{
    int level;
    PyObject *message, *text, *logger = Py_None, *name;

    (void)module;
    if (!PyArg_ParseTuple(args, "iU|O:log", &level, &message, &logger) ||
        !is_level(level))
        return NULL;
    if (logger != Py_None && !PyUnicode_Check(logger))
        return PyErr_Format(PyExc_TypeError, "a logger's name is text");
    text = gv_text_for_log(message);
    name = text != NULL ? optional_text(logger) : NULL;
    if (text != NULL && !PyErr_Occurred()) {
        gv_log_field field = {"logger", name != NULL ? PyBytes_AS_STRING(name) : "", 0};

        gv_log_fields((gv_level)level, &field, name != NULL, "%s",
                      PyBytes_AS_STRING(text));
    }
    Py_XDECREF(name);
    Py_XDECREF(text);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* ---- paths and pairs ---- */

/* A new tuple of the segments of `rest`, one empty one at the end left out. */
static PyObject *split(gv_slice rest)
{
    PyObject *list = PyList_New(0), *tuple = NULL;

    while (list != NULL && rest.len > 0) {
        const char *slash = memchr(rest.at, '/', rest.len);
        size_t len = slash != NULL ? (size_t)(slash - rest.at) : rest.len;
        PyObject *segment = gv_text_path((gv_slice){rest.at, len});

        if (segment == NULL || PyList_Append(list, segment) < 0)
            Py_CLEAR(list);
        Py_XDECREF(segment);
        rest = gv_slice_from(rest, slash != NULL ? len + 1 : len);
    }
    if (list != NULL)
        tuple = PyList_AsTuple(list);
    Py_XDECREF(list);
    return tuple;
}

static PyObject *split_path(PyObject *module, PyObject *args)
{
    PyObject *path, *mount_point, *segments;
    gv_slice raw, point, decoded;
    gv_buf scratch = {0};

    (void)module;
    if (!PyArg_ParseTuple(args, "UU:split_path", &path, &mount_point) ||
        !gv_text_slice(path, &raw) || !gv_text_slice(mount_point, &point))
        return NULL;
    if (raw.len > 0 && gv_path_decode(raw, &scratch, &decoded) == GV_OK &&
        gv_slice_starts_with(decoded, point))
        segments = split(gv_slice_from(decoded, point.len));
    else
        segments = Py_NewRef(Py_None);
    gv_buf_dispose(&scratch);
    return segments;
}

static PyObject *parse_query(PyObject *module, PyObject *text)
{
    (void)module;
    return gv_pairs_from_query(text);
}

static PyObject *parse_cookies(PyObject *module, PyObject *text)
{
    gv_slice slice;

    (void)module;
    return gv_text_slice(text, &slice) ? gv_pairs_from_cookies(slice) : NULL;
}

static PyObject *accept_quality(PyObject *module, PyObject *args)
{
    PyObject *accept, *type;
    gv_slice field, text;

    (void)module;
    if (!PyArg_ParseTuple(args, "UU:accept_quality", &accept, &type) ||
        !gv_text_slice(accept, &field) || !gv_text_slice(type, &text))
        return NULL;
    return PyLong_FromLong(gv_accept_quality(field, text));
}

/* ---- memory ---- */

static PyObject *leave_out_of_dumps(PyObject *module, PyObject *fd)
{
    int number = (int)PyLong_AsLong(fd);

    (void)module;
    if (PyErr_Occurred())
        return NULL;
    if (gv_mapping_leave_out_of_dumps(number) != GV_OK)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

/* ---- the module ---- */

static PyMethodDef functions[] = {
    {"log_open", (PyCFunction)(void (*)(void))log_open, METH_VARARGS | METH_KEYWORDS,
     "Send the error log to a descriptor."},
    {"log", log_message, METH_VARARGS, "Write one entry to the error log."},
    {"split_path", split_path, METH_VARARGS,
     "Decode and split what follows a mount point in a raw URL path."},
    {"parse_query", parse_query, METH_O, "The pairs of an urlencoded text."},
    {"parse_cookies", parse_cookies, METH_O, "The pairs of a Cookie header."},
    {"accept_quality", accept_quality, METH_VARARGS,
     "What an Accept field gives a media type, in thousandths."},
    {"check_conditions", gv_conditions_of_python, METH_VARARGS,
     "What the preconditions of a request say."},
    {"leave_out_of_dumps", leave_out_of_dumps, METH_O,
     "Leave what is mapped of a file out of core dumps."},
    {NULL, NULL, 0, NULL},
};

/* 0, or -1 with an exception set. */
static int add_levels(PyObject *module)
{
    if (PyModule_AddIntConstant(module, "LOG_DEBUG", GV_DEBUG) < 0 ||
        PyModule_AddIntConstant(module, "LOG_INFO", GV_INFO) < 0 ||
        PyModule_AddIntConstant(module, "LOG_WARNING", GV_WARNING) < 0)
        return -1;
    return PyModule_AddIntConstant(module, "LOG_ERROR", GV_ERROR);
}

static int on_exec(PyObject *module)
{
    static int (*const parts[])(PyObject *) = {
        add_levels,           gv_headers_init,         gv_multidict_init,
        gv_request_type_init, gv_controller_type_init, gv_action_type_init,
        gv_targets_init,      gv_server_type_init,
    };

    if (gv_names_init() < 0)
        return -1;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i](module) < 0)
            return -1;
    }
    return 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, on_exec},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "guava._core",
    .m_doc = "The C engine: the server's loop, and the types application code meets.",
    .m_methods = functions,
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__core(void);

PyMODINIT_FUNC PyInit__core(void)
{
    return PyModuleDef_Init(&definition);
}
