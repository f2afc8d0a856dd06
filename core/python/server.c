#include "python/server.h"

#include "base/mem.h"
#include "net/control.h"
#include "net/inside.h"
#include "net/server.h"
#include "net/static.h"
#include "python/dispatch.h"
#include "python/framework.h"
#include "python/gil.h"
#include "python/mount.h"
#include "python/settings.h"
#include "python/static_options.h"
#include "python/text.h"

#include <signal.h>
#include <stdlib.h>

/* What a mount refers to, freed with the server. */
typedef struct mounted {
    struct mounted *next;
    gv_static *files; /* of a static mount */
    gv_dynamic dynamic;
    gv_error_pages *pages;
    PyObject *described; /* the mapping whose actions the router borrows */
} mounted;

typedef struct py_server {
    PyObject_HEAD
    gv_server *server;
    gv_router *router;
    gv_scoreboard *scoreboard;
    mounted *mounts;
    uv_prepare_t before_wait; /* lets go of the interpreter's lock */
    uv_async_t wished;        /* another thread has set `wish` */
    _Atomic int wish;
    bool serving;
} py_server;

enum { WISH_NONE, WISH_DRAIN, WISH_STOP };

/* ---- making ---- */

static void on_before_wait(uv_prepare_t *prepare)
{
    (void)prepare;
    gv_gil_drop();
}

/* The loop has the signals from here on; one that came before is with Python. */
static void on_first_wait(uv_prepare_t *prepare)
{
    py_server *self = prepare->data;

    if (PyErr_CheckSignals() < 0) {
        PyErr_Clear();
        gv_server_drain(self->server, GV_HASTE_SOME);
    }
    uv_prepare_stop(prepare);
    uv_prepare_start(prepare, on_before_wait);
    gv_gil_drop();
}

static void on_wished(uv_async_t *async)
{
    py_server *self = async->data;

    if (atomic_load(&self->wish) == WISH_STOP)
        gv_server_stop(self->server);
    else
        gv_server_drain(self->server, GV_HASTE_SOME);
}

/* `trusted` may be NULL.  0, or -1 with an exception set. */
static int take_proxies(py_server *self, PyObject *trusted, const char *name)
{
    gv_forwarding forwarding = gv_forwarding_named(gv_slice_of(name));
    gv_networks networks = {0};

    if (forwarding == GV_FORWARDINGS) {
        PyErr_Format(PyExc_ValueError, "there is no forwarding %s", name);
        return -1;
    }
    if (trusted != NULL && gv_settings_networks(&networks, trusted) < 0) {
        gv_networks_dispose(&networks);
        return -1;
    }
    gv_server_set_proxies(self->server, &networks, forwarding);
    return 0;
}

/* 0, or -1 with an exception set. */
static int take_slot(py_server *self, int fd, unsigned index)
{
    if (fd < 0)
        return 0;
    self->scoreboard = gv_scoreboard_map(fd);
    if (self->scoreboard == NULL || index >= self->scoreboard->slot_count) {
        PyErr_SetString(PyExc_ValueError, "this is no scoreboard, or has no such slot");
        return -1;
    }
    gv_server_set_slot(self->server, self->scoreboard, index);
    return 0;
}

static int init(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {
        "timeouts",   "limits", "server_header", "access_log", "access_format",
        "scoreboard", "slot",   "control",       "trusted",    "forwarding",
        NULL};
    py_server *self = (py_server *)object;
    gv_server_config config = gv_settings_default();
    PyObject *timeouts = NULL, *limits = NULL, *trusted = NULL;
    const char *format = "combined", *forwarding = "auto";
    int header = 1, access_log = -1, scoreboard = -1, control = -1;
    unsigned slot = 0;

    if (self->server != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a Server is made once");
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$OOpisiIiOs:Server", names,
                                     &timeouts, &limits, &header, &access_log, &format,
                                     &scoreboard, &slot, &control, &trusted,
                                     &forwarding) ||
        gv_settings_take(&config, timeouts, limits) < 0)
        return -1;
    config.server_header = header;
    self->router = gv_router_new();
    self->server =
        gv_server_new(&config, self->router, (gv_app){.handle = gv_dispatch});
    if (self->server == NULL) {
        PyErr_SetFromErrno(PyExc_OSError);
        gv_router_free(self->router);
        return -1;
    }
    uv_prepare_init(&self->server->loop, &self->before_wait);
    uv_async_init(&self->server->loop, &self->wished, on_wished);
    self->before_wait.data = self->wished.data = self;
    if (gv_server_set_access_log(self->server, access_log, format) != GV_OK) {
        PyErr_Format(PyExc_ValueError, "%s is no access log format", format);
        return -1;
    }
    if (control >= 0 && gv_server_set_control(self->server, control) != GV_OK) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    if (take_proxies(self, trusted, forwarding) < 0)
        return -1;
    return take_slot(self, scoreboard, slot);
}

static void free_mounts(py_server *self)
{
    while (self->mounts != NULL) {
        mounted *mount = self->mounts;

        self->mounts = mount->next;
        if (mount->files != NULL)
            gv_static_free(mount->files);
        if (mount->pages != NULL)
            gv_error_pages_free(mount->pages);
        Py_XDECREF(mount->dynamic.route);
        Py_XDECREF(mount->dynamic.resolve);
        Py_XDECREF(mount->described);
        free(mount);
    }
}

/* A handler may well refer to its server. */
static int traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    for (mounted *mount = ((py_server *)object)->mounts; mount != NULL;
         mount = mount->next) {
        Py_VISIT(mount->dynamic.route);
        Py_VISIT(mount->dynamic.resolve);
        Py_VISIT(mount->described);
    }
    return 0;
}

static int clear(PyObject *object)
{
    py_server *self = (py_server *)object;

    self->serving = true; /* it never will again */
    for (mounted *mount = self->mounts; mount != NULL; mount = mount->next) {
        Py_CLEAR(mount->dynamic.route);
        Py_CLEAR(mount->dynamic.resolve);
        Py_CLEAR(mount->described);
    }
    return 0;
}

static void dealloc(PyObject *object)
{
    py_server *self = (py_server *)object;
    PyTypeObject *of = Py_TYPE(object);

    PyObject_GC_UnTrack(object);
    if (self->server != NULL) {
        uv_close((uv_handle_t *)&self->before_wait, NULL);
        uv_close((uv_handle_t *)&self->wished, NULL);
        gv_server_free(self->server);
        gv_router_free(self->router);
    }
    if (self->scoreboard != NULL)
        gv_scoreboard_unmap(self->scoreboard);
    free_mounts(self);
    of->tp_free(object);
    Py_DECREF(of);
}

/* ---- mounting ---- */

/* The server, if a mount may be added to it; NULL with an exception set. */
static py_server *mountable(PyObject *object)
{
    py_server *self = (py_server *)object;

    if (self->server != NULL && !self->serving)
        return self;
    PyErr_SetString(PyExc_RuntimeError,
                    "a Server is set up before it serves, and once");
    return NULL;
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

static mounted *add_mounted(py_server *self)
{
    mounted *mount = gv_calloc(1, sizeof(*mount));

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

static PyObject *mount_static(PyObject *object, PyObject *args, PyObject *kwargs)
{
    py_server *self = mountable(object);
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
static PyObject *parse_mapping(py_server *self, PyObject *args, gv_slice *point)
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

static PyObject *mount_mvc(PyObject *object, PyObject *args)
{
    py_server *self = mountable(object);
    gv_slice point;
    PyObject *modules = parse_mapping(self, args, &point);

    if (modules == NULL)
        return NULL;
    return none_unless(gv_mount_mvc(gv_router_mount_mvc(self->router, point), modules));
}

static PyObject *mount_rest(PyObject *object, PyObject *args)
{
    py_server *self = mountable(object);
    gv_slice point;
    PyObject *resources = parse_mapping(self, args, &point);

    if (resources == NULL)
        return NULL;
    return none_unless(
        gv_mount_rest(gv_router_mount_rest(self->router, point), resources));
}

static PyObject *mount_table(PyObject *object, PyObject *args)
{
    py_server *self = mountable(object);
    gv_slice point;
    PyObject *routes = parse_mapping(self, args, &point);

    if (routes == NULL)
        return NULL;
    return none_unless(
        gv_mount_table(gv_router_mount_table(self->router, point), routes));
}

static PyObject *mount_dynamic(py_server *self, gv_slice point, PyObject *route,
                               PyObject *resolve)
{
    mounted *mount;

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

static PyObject *mount_python(PyObject *object, PyObject *args)
{
    py_server *self = mountable(object);
    gv_slice point;
    PyObject *route, *resolve;

    if (self == NULL ||
        !PyArg_ParseTuple(args, "O&OO:mount_python", convert_mount_point, &point,
                          &route, &resolve))
        return NULL;
    return mount_dynamic(self, point, route, resolve);
}

static PyObject *mount_callable(PyObject *object, PyObject *args)
{
    py_server *self = mountable(object);
    gv_slice point;
    PyObject *handler;

    if (self == NULL || !PyArg_ParseTuple(args, "O&O:mount_callable",
                                          convert_mount_point, &point, &handler))
        return NULL;
    return mount_dynamic(self, point, handler, NULL);
}

/* ---- of the mount that was made last ---- */

/* Adds (status, (file name, content)).  0, or -1 with an exception set. */
static int add_page(gv_error_pages *pages, PyObject *status, PyObject *file)
{
    PyObject *name, *content;
    gv_slice text;
    long number;

    if (!PyLong_Check(status) || !PyTuple_Check(file)) {
        PyErr_SetString(PyExc_TypeError, "expected a status with (name, content)");
        return -1;
    }
    number = PyLong_AsLong(status);
    if (number == -1 && PyErr_Occurred())
        return -1;
    if (number < 400 || number > 599) {
        PyErr_Format(PyExc_ValueError, "%ld is not the status of an error", number);
        return -1;
    }
    if (!PyArg_ParseTuple(file, "US", &name, &content) || !gv_text_slice(name, &text))
        return -1;
    gv_error_pages_add(
        pages, (int)number, gv_mime_type(text),
        (gv_slice){PyBytes_AS_STRING(content), (size_t)PyBytes_GET_SIZE(content)});
    return 0;
}

/* From {status: (file name, content)}; NULL with an exception set. */
static gv_error_pages *pages_of(PyObject *files)
{
    gv_error_pages *pages = gv_error_pages_new();
    PyObject *status, *file;
    Py_ssize_t at = 0;

    while (PyDict_Next(files, &at, &status, &file)) {
        if (add_page(pages, status, file) < 0) {
            gv_error_pages_free(pages);
            return NULL;
        }
    }
    return pages;
}

/* The mount that was made last; NULL with an exception set. */
static mounted *newest(py_server *self)
{
    if (self != NULL && self->mounts == NULL)
        PyErr_SetString(PyExc_RuntimeError, "nothing is mounted");
    return self != NULL ? self->mounts : NULL;
}

static PyObject *set_error_pages(PyObject *object, PyObject *args)
{
    py_server *self = mountable(object);
    mounted *mount = newest(self);
    PyObject *files;
    gv_error_pages *pages;

    if (mount == NULL ||
        !PyArg_ParseTuple(args, "O!:set_error_pages", &PyDict_Type, &files))
        return NULL;
    pages = pages_of(files);
    if (pages == NULL)
        return NULL;
    gv_router_set_error_pages(self->router, pages);
    if (mount->pages != NULL)
        gv_error_pages_free(mount->pages);
    mount->pages = pages;
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

static PyObject *set_types(PyObject *object, PyObject *args)
{
    mounted *mount = newest(mountable(object));
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

/* ---- serving ---- */

static PyObject *listen_on(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"fd", "proxy_protocol", NULL};
    py_server *self = mountable(object);
    int proxy_protocol = 0, number;
    PyObject *fd;

    if (self == NULL || !PyArg_ParseTupleAndKeywords(args, kwargs, "O|p:listen", names,
                                                     &fd, &proxy_protocol))
        return NULL;
    number = PyObject_AsFileDescriptor(fd);
    if (number < 0)
        return NULL;
    if (gv_server_listen(self->server, number, proxy_protocol) != GV_OK)
        return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

/* The signals that loops take for themselves, as they were before the first of the
 * servers that run now, each in a thread of its own. */
static const int taken[] = {SIGTERM, SIGQUIT, SIGINT};
enum { TAKEN = sizeof(taken) / sizeof(taken[0]) };
static struct sigaction before[TAKEN];
static unsigned running;

static void run(gv_server *server)
{
    if (running++ == 0) {
        for (int i = 0; i < TAKEN; i++)
            sigaction(taken[i], NULL, &before[i]);
    }
    gv_server_run(server);
    gv_gil_take();
    if (--running == 0) {
        for (int i = 0; i < TAKEN; i++)
            sigaction(taken[i], &before[i], NULL);
    }
}

/* 0, or -1 with an exception set. */
static int announce(PyObject *ready)
{
    PyObject *done = ready != Py_None ? PyObject_CallNoArgs(ready) : Py_NewRef(Py_None);

    Py_XDECREF(done);
    return done != NULL ? 0 : -1;
}

static PyObject *serve(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"ready", NULL};
    py_server *self = mountable(object);
    PyObject *ready = Py_None;

    if (self == NULL ||
        !PyArg_ParseTupleAndKeywords(args, kwargs, "|O:serve", names, &ready) ||
        gv_framework_load() < 0)
        return NULL;
    self->serving = true;
    if (announce(ready) < 0) {
        self->serving = false;
        return NULL;
    }
    Py_INCREF(object); /* the loop points into it */
    uv_prepare_start(&self->before_wait, on_first_wait);
    run(self->server);
    uv_prepare_stop(&self->before_wait);
    Py_DECREF(object);
    Py_RETURN_NONE;
}

static PyObject *ask(PyObject *object, PyObject *request)
{
    py_server *self = mountable(object);
    gv_buf answer = {0};
    PyObject *bytes;
    char *text;
    Py_ssize_t len;

    if (self == NULL || PyBytes_AsStringAndSize(request, &text, &len) < 0 ||
        gv_framework_load() < 0)
        return NULL;
    if (gv_inside_ask(self->server, (gv_slice){text, (size_t)len}, &answer) == GV_OK)
        bytes = PyBytes_FromStringAndSize(answer.at, (Py_ssize_t)answer.len);
    else
        bytes = PyErr_SetFromErrno(PyExc_OSError);
    gv_buf_dispose(&answer);
    return bytes;
}

/* From any thread. */
static PyObject *wish(py_server *self, int what)
{
    if (self->server != NULL) {
        atomic_store(&self->wish, what);
        uv_async_send(&self->wished);
    }
    Py_RETURN_NONE;
}

static PyObject *drain(PyObject *self, PyObject *unused)
{
    (void)unused;
    return wish((py_server *)self, WISH_DRAIN);
}

static PyObject *stop(PyObject *self, PyObject *unused)
{
    (void)unused;
    return wish((py_server *)self, WISH_STOP);
}

static PyMethodDef methods[] = {
    {"mount_static", (PyCFunction)(void (*)(void))mount_static,
     METH_VARARGS | METH_KEYWORDS, "Serve a directory's files."},
    {"mount_mvc", mount_mvc, METH_VARARGS, "Serve controllers by module and action."},
    {"mount_rest", mount_rest, METH_VARARGS, "Serve REST resources."},
    {"mount_table", mount_table, METH_VARARGS, "Serve paths from a table."},
    {"mount_python", mount_python, METH_VARARGS, "Ask a Python router."},
    {"mount_callable", mount_callable, METH_VARARGS, "Ask a callable for the answer."},
    {"set_error_pages", set_error_pages, METH_VARARGS,
     "Give the mount that was made last pages for errors."},
    {"set_types", set_types, METH_VARARGS,
     "Give the static mount that was made last types of its own."},
    {"listen", (PyCFunction)(void (*)(void))listen_on, METH_VARARGS | METH_KEYWORDS,
     "Accept on a listening socket."},
    {"ask", ask, METH_O, "Answer one request from inside, before serving."},
    {"serve", (PyCFunction)(void (*)(void))serve, METH_VARARGS | METH_KEYWORDS,
     "Run until drained or stopped."},
    {"drain", drain, METH_NOARGS, "Finish what runs, then end serve()."},
    {"stop", stop, METH_NOARGS, "End serve() now."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "One libuv loop that serves HTTP on the descriptors it is given."},
    {Py_tp_init, init},
    {Py_tp_dealloc, dealloc},
    {Py_tp_traverse, traverse},
    {Py_tp_clear, clear},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "guava._core.Server",
    .basicsize = sizeof(py_server),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

int gv_server_type_init(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    int outcome = -1;

    if (type != NULL)
        outcome = PyModule_AddObjectRef(module, "Server", type);
    Py_XDECREF(type);
    return outcome;
}
