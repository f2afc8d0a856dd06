#include "python/server_mounts.h"

#include "base/mem.h"
#include "python/mount.h"
#include "python/static_options.h"
#include "python/text.h"

#include <stdlib.h>

void gv_server_free_mounts(gv_py_server *self)
{
    while (self->mounts != NULL) {
        gv_mounted *mount = self->mounts;

        self->mounts = mount->next;
        if (mount->files != NULL)
            gv_static_free(mount->files);
        gv_py_error_pages_dispose(&mount->pages);
        gv_surroundings_free(mount->around);
        Py_XDECREF(mount->dynamic.route);
        Py_XDECREF(mount->dynamic.resolve);
        Py_XDECREF(mount->described);
        free(mount);
    }
}

/* A "O&" converter. */
static int convert_mount_point(PyObject *object, void *slice)
{
    gv_slice *point = slice;

    if (!gv_text_slice(object, point))
        return 0;
    if (point->len > 0 && point->at[0] == '/' && point->at[point->len - 1] == '/')
        return 1;
    PyErr_Format(PyExc_ValueError, "a mount point begins and ends with a slash: %R",
                 object);
    return 0;
}

static gv_mounted *add_mounted(gv_py_server *self)
{
    gv_mounted *mount = gv_calloc(1, sizeof(*mount));

    mount->next = self->mounts;
    self->mounts = mount;
    return mount;
}

/* NULL with an exception set. */
static gv_static *open_static(const char *directory, int allow_index, PyObject *kwargs)
{
    gv_static_options options;
    gv_static *files = NULL;

    if (gv_static_options_take(&options, kwargs) == 0) {
        options.allow_index = options.allow_index || allow_index;
        files = gv_static_new(directory, &options);
        if (files == NULL)
            PyErr_SetFromErrnoWithFilename(PyExc_OSError, directory);
    }
    gv_static_options_dispose(&options);
    return files;
}

PyObject *gv_server_mount_static(PyObject *object, PyObject *args, PyObject *kwargs)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_slice point;
    PyObject *directory;
    int allow_index = 0;
    gv_static *files;

    if (self == NULL ||
        !PyArg_ParseTuple(args, "O&O&|p:mount_static", convert_mount_point, &point,
                          PyUnicode_FSConverter, &directory, &allow_index))
        return NULL;
    files = open_static(PyBytes_AS_STRING(directory), allow_index, kwargs);
    Py_DECREF(directory);
    if (files == NULL)
        return NULL;
    add_mounted(self)->files = files;
    gv_router_mount_static(self->router, point, files);
    Py_RETURN_NONE;
}

/* (mount_point, mapping), the mapping copied and kept: a borrowed reference, or NULL
 * with an exception set. */
static PyObject *parse_mapping(gv_py_server *self, PyObject *args, gv_slice *point)
{
    PyObject *mapping, *copy;

    if (self == NULL ||
        !PyArg_ParseTuple(args, "O&O", convert_mount_point, point, &mapping))
        return NULL;
    copy = PyDict_New();
    if (copy == NULL || PyDict_Update(copy, mapping) < 0) {
        Py_XDECREF(copy);
        return NULL;
    }
    add_mounted(self)->described = copy;
    return copy;
}

static PyObject *none_unless(int failed)
{
    return failed ? NULL : Py_NewRef(Py_None);
}

PyObject *gv_server_mount_mvc(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_slice point;
    PyObject *modules = parse_mapping(self, args, &point);

    if (modules == NULL)
        return NULL;
    return none_unless(gv_mount_mvc(gv_router_mount_mvc(self->router, point), modules));
}

PyObject *gv_server_mount_rest(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_slice point;
    PyObject *resources = parse_mapping(self, args, &point);

    if (resources == NULL)
        return NULL;
    return none_unless(
        gv_mount_rest(gv_router_mount_rest(self->router, point), resources));
}

PyObject *gv_server_mount_table(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_slice point;
    PyObject *routes = parse_mapping(self, args, &point);

    if (routes == NULL)
        return NULL;
    return none_unless(
        gv_mount_table(gv_router_mount_table(self->router, point), routes));
}

static PyObject *mount_dynamic(gv_py_server *self, gv_slice point, PyObject *route,
                               PyObject *resolve)
{
    gv_mounted *mount;

    if (!PyCallable_Check(route) || (resolve != NULL && !PyCallable_Check(resolve))) {
        PyErr_SetString(PyExc_TypeError, "expected a callable");
        return NULL;
    }
    mount = add_mounted(self);
    mount->dynamic.route = Py_NewRef(route);
    mount->dynamic.resolve = Py_XNewRef(resolve);
    gv_router_mount_dynamic(self->router, point, &mount->dynamic);
    Py_RETURN_NONE;
}

PyObject *gv_server_mount_python(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_slice point;
    PyObject *route, *resolve;

    if (self == NULL ||
        !PyArg_ParseTuple(args, "O&OO:mount_python", convert_mount_point, &point,
                          &route, &resolve))
        return NULL;
    return mount_dynamic(self, point, route, resolve);
}

PyObject *gv_server_mount_callable(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_slice point;
    PyObject *handler;

    if (self == NULL || !PyArg_ParseTuple(args, "O&O:mount_callable",
                                          convert_mount_point, &point, &handler))
        return NULL;
    return mount_dynamic(self, point, handler, NULL);
}

/* ---- of the mount that was made last ---- */

/* The mount that was made last; NULL with an exception set. */
static gv_mounted *newest(gv_py_server *self)
{
    if (self != NULL && self->mounts == NULL)
        PyErr_SetString(PyExc_RuntimeError, "nothing is mounted");
    return self != NULL ? self->mounts : NULL;
}

PyObject *gv_server_set_error_pages(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_mounted *mount = newest(self);
    PyObject *pages;

    if (mount == NULL ||
        !PyArg_ParseTuple(args, "O!:set_error_pages", &PyDict_Type, &pages) ||
        gv_py_error_pages_set(&mount->pages, pages) < 0)
        return NULL;
    gv_router_set_error_pages(self->router, mount->pages.pages);
    Py_RETURN_NONE;
}

PyObject *gv_server_set_error_pages_of_all(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    PyObject *pages;

    if (self == NULL ||
        !PyArg_ParseTuple(args, "O!:set_error_pages_of_all", &PyDict_Type, &pages) ||
        gv_py_error_pages_set(&self->pages, pages) < 0)
        return NULL;
    gv_router_set_error_pages_of_all(self->router, self->pages.pages);
    Py_RETURN_NONE;
}

/* From (middleware, sessions=None); NULL with an exception set. */
static gv_surroundings *parse_surroundings(PyObject *args)
{
    PyObject *middleware, *sessions = Py_None;

    if (!PyArg_ParseTuple(args, "O|O", &middleware, &sessions))
        return NULL;
    return gv_surroundings_new(middleware, sessions);
}

PyObject *gv_server_set_surroundings(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_mounted *mount = newest(self);
    gv_surroundings *around = mount != NULL ? parse_surroundings(args) : NULL;

    if (around == NULL)
        return NULL;
    gv_router_set_around(self->router, around);
    gv_surroundings_free(mount->around);
    mount->around = around;
    Py_RETURN_NONE;
}

PyObject *gv_server_set_surroundings_of_all(PyObject *object, PyObject *args)
{
    gv_py_server *self = gv_server_mountable(object);
    gv_surroundings *around = self != NULL ? parse_surroundings(args) : NULL;

    if (around == NULL)
        return NULL;
    self->server->around = around;
    gv_surroundings_free(self->around);
    self->around = around;
    Py_RETURN_NONE;
}

/* Adds an ending with its dot, and its type.  0, or -1 with an exception set. */
static int add_type(gv_mime_map *types, PyObject *ending, PyObject *type)
{
    gv_slice end, text;

    if (!gv_text_slice(ending, &end) || !gv_text_slice(type, &text))
        return -1;
    if (end.len < 2 || end.at[0] != '.' || text.len == 0 ||
        !gv_field_value_valid(text)) {
        PyErr_Format(PyExc_ValueError, "no ending with a media type: %R, %R", ending,
                     type);
        return -1;
    }
    gv_mime_map_add(types, end, text);
    return 0;
}

PyObject *gv_server_set_types(PyObject *object, PyObject *args)
{
    gv_mounted *mount = newest(gv_server_mountable(object));
    PyObject *given, *ending, *type;
    gv_mime_map *types;
    Py_ssize_t at = 0;

    if (mount == NULL || !PyArg_ParseTuple(args, "O!:set_types", &PyDict_Type, &given))
        return NULL;
    if (mount->files == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "what is mounted has no files");
        return NULL;
    }
    types = gv_mime_map_new();
    while (PyDict_Next(given, &at, &ending, &type)) {
        if (add_type(types, ending, type) < 0) {
            gv_mime_map_free(types);
            return NULL;
        }
    }
    gv_static_set_types(mount->files, types);
    Py_RETURN_NONE;
}
