#include "python/server.h"

#include "net/control.h"
#include "net/inside.h"
#include "python/dispatch.h"
#include "python/error_handler.h"
#include "python/failure.h"
#include "python/framework.h"
#include "python/gil.h"
#include "python/server_mounts.h"
#include "python/settings.h"

#include <signal.h>
#include <stdlib.h>

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
    gv_py_server *self = prepare->data;

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
    gv_py_server *self = async->data;

    if (atomic_load(&self->wish) == WISH_STOP)
        gv_server_stop(self->server);
    else
        gv_server_drain(self->server, GV_HASTE_SOME);
}

/* `trusted` may be NULL.  0, or -1 with an exception set. */
static int take_proxies(gv_py_server *self, PyObject *trusted, const char *name)
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
static int take_slot(gv_py_server *self, int fd, unsigned index)
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
    gv_py_server *self = (gv_py_server *)object;
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
    self->server = gv_server_new(&config, self->router,
                                 (gv_app){.handle = gv_dispatch,
                                          .surround = gv_surround,
                                          .answer_error = gv_error_handler_run});
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

/* A handler may well refer to its server. */
static int traverse(PyObject *object, visitproc visit, void *arg)
{
    gv_py_server *self = (gv_py_server *)object;
    int outcome;

    Py_VISIT(Py_TYPE(object));
    for (gv_mounted *mount = self->mounts; mount != NULL; mount = mount->next) {
        Py_VISIT(mount->dynamic.route);
        Py_VISIT(mount->dynamic.resolve);
        Py_VISIT(mount->described);
        Py_VISIT(mount->pages.given);
        outcome = gv_surroundings_traverse(mount->around, visit, arg);
        if (outcome != 0)
            return outcome;
    }
    Py_VISIT(self->pages.given);
    return gv_surroundings_traverse(self->around, visit, arg);
}

static int clear(PyObject *object)
{
    gv_py_server *self = (gv_py_server *)object;

    self->serving = true; /* it never will again */
    for (gv_mounted *mount = self->mounts; mount != NULL; mount = mount->next) {
        Py_CLEAR(mount->dynamic.route);
        Py_CLEAR(mount->dynamic.resolve);
        Py_CLEAR(mount->described);
        Py_CLEAR(mount->pages.given);
        gv_surroundings_clear(mount->around);
    }
    Py_CLEAR(self->pages.given);
    gv_surroundings_clear(self->around);
    return 0;
}

static void dealloc(PyObject *object)
{
    gv_py_server *self = (gv_py_server *)object;
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
    gv_server_free_mounts(self);
    gv_py_error_pages_dispose(&self->pages);
    gv_surroundings_free(self->around);
    of->tp_free(object);
    Py_DECREF(of);
}

/* ---- serving ---- */

gv_py_server *gv_server_mountable(PyObject *object)
{
    gv_py_server *self = (gv_py_server *)object;

    if (self->server != NULL && !self->serving)
        return self;
    PyErr_SetString(PyExc_RuntimeError,
                    "a Server is set up before it serves, and once");
    return NULL;
}

static PyObject *listen_on(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"fd", "proxy_protocol", NULL};
    gv_py_server *self = gv_server_mountable(object);
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
    gv_py_server *self = gv_server_mountable(object);
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

/* "" is a peer on a Unix socket.  0, or -1 with an exception set. */
static int take_client(gv_asker *asker, const char *address)
{
    asker->peer = (gv_peer){.family = AF_UNIX};
    if (address[0] == '\0' ||
        gv_peer_parse(&asker->peer, gv_slice_of(address)) == GV_OK)
        return 0;
    PyErr_Format(PyExc_ValueError, "%s is not the address of a client", address);
    return -1;
}

/* By a callable, which is not to raise. */
static bool has_enough(void *owner, gv_slice answer)
{
    PyObject *callable = owner, *result;
    int enough = -1;

    gv_gil_take();
    result = PyObject_CallFunction(callable, "y#", answer.at, (Py_ssize_t)answer.len);
    if (result != NULL)
        enough = PyObject_IsTrue(result);
    if (enough < 0)
        PyErr_WriteUnraisable(callable);
    Py_XDECREF(result);
    return enough != 0;
}

/* A new reference, or NULL with an exception set. */
static PyObject *ask_inside(gv_py_server *self, const gv_asker *asker, gv_slice request)
{
    gv_buf answer = {0};
    PyObject *bytes;
    int outcome;

    self->serving = true;
    uv_prepare_start(&self->before_wait, on_before_wait);
    outcome = gv_inside_ask(self->server, asker, request, &answer);
    uv_prepare_stop(&self->before_wait);
    gv_gil_take();
    self->serving = false;
    if (outcome == GV_OK)
        bytes = PyBytes_FromStringAndSize(answer.at, (Py_ssize_t)answer.len);
    else
        bytes = PyErr_SetFromErrno(PyExc_OSError);
    gv_buf_dispose(&answer);
    return bytes;
}

static PyObject *ask(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"", "client", "https", "raised", "enough", NULL};
    gv_py_server *self = gv_server_mountable(object);
    PyObject *raised = NULL, *enough = NULL, *outer, *answer;
    const char *client = "";
    gv_asker asker = {0};
    char *text;
    Py_ssize_t len;
    int https = 0;

    if (self == NULL ||
        !PyArg_ParseTupleAndKeywords(args, kwargs, "y#|$spO!O:ask", names, &text, &len,
                                     &client, &https, &PyList_Type, &raised, &enough) ||
        take_client(&asker, client) < 0 || gv_framework_load() < 0)
        return NULL;
    asker.https = https;
    if (enough != NULL && enough != Py_None) {
        asker.has_enough = has_enough;
        asker.owner = enough;
    }
    outer = gv_failure_gather(raised);
    answer = ask_inside(self, &asker, (gv_slice){text, (size_t)len});
    gv_failure_gather(outer);
    return answer;
}

/* From any thread. */
static PyObject *wish(gv_py_server *self, int what)
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
    return wish((gv_py_server *)self, WISH_DRAIN);
}

static PyObject *stop(PyObject *self, PyObject *unused)
{
    (void)unused;
    return wish((gv_py_server *)self, WISH_STOP);
}

static PyMethodDef methods[] = {
    {"mount_static", (PyCFunction)(void (*)(void))gv_server_mount_static,
     METH_VARARGS | METH_KEYWORDS, "Serve a directory's files."},
    {"mount_mvc", gv_server_mount_mvc, METH_VARARGS,
     "Serve controllers by module and action."},
    {"mount_rest", gv_server_mount_rest, METH_VARARGS, "Serve REST resources."},
    {"mount_table", gv_server_mount_table, METH_VARARGS, "Serve paths from a table."},
    {"mount_python", gv_server_mount_python, METH_VARARGS, "Ask a Python router."},
    {"mount_callable", gv_server_mount_callable, METH_VARARGS,
     "Ask a callable for the answer."},
    {"set_error_pages", gv_server_set_error_pages, METH_VARARGS,
     "Give the mount that was made last pages for errors."},
    {"set_error_pages_of_all", gv_server_set_error_pages_of_all, METH_VARARGS,
     "Give all paths pages for errors."},
    {"set_types", gv_server_set_types, METH_VARARGS,
     "Give the static mount that was made last types of its own."},
    {"set_surroundings", gv_server_set_surroundings, METH_VARARGS,
     "Put middleware and sessions around the mount that was made last."},
    {"set_surroundings_of_all", gv_server_set_surroundings_of_all, METH_VARARGS,
     "Put middleware and sessions around all requests."},
    {"listen", (PyCFunction)(void (*)(void))listen_on, METH_VARARGS | METH_KEYWORDS,
     "Accept on a listening socket."},
    {"ask", (PyCFunction)(void (*)(void))ask, METH_VARARGS | METH_KEYWORDS,
     "Answer one request from inside, before serving."},
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
    .basicsize = sizeof(gv_py_server),
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
