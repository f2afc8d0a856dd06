/* What a Server is made of, for the files that implement the type. */
#ifndef GV_PYTHON_SERVER_PARTS_H
#define GV_PYTHON_SERVER_PARTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/server.h"
#include "net/static.h"
#include "python/dispatch.h"
#include "python/error_pages.h"
#include "python/surroundings.h"

/* What a mount refers to, freed with the server. */
typedef struct gv_mounted {
    struct gv_mounted *next;
    gv_static *files; /* of a static mount */
    gv_dynamic dynamic;
    gv_py_error_pages pages;
    gv_surroundings *around;
    PyObject *described; /* the mapping whose actions the router borrows */
} gv_mounted;

typedef struct gv_py_server {
    PyObject_HEAD
    gv_server *server;
    gv_router *router;
    gv_scoreboard *scoreboard;
    gv_mounted *mounts;
    gv_py_error_pages pages;  /* of all paths */
    gv_surroundings *around;  /* of all requests */
    uv_prepare_t before_wait; /* lets go of the interpreter's lock */
    uv_async_t wished;        /* another thread has set `wish` */
    _Atomic int wish;
    bool serving;
} gv_py_server;

/* The server, if it may still be set up; NULL with an exception set. */
gv_py_server *gv_server_mountable(PyObject *object);

#endif
