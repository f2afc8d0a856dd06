#include "python/stream.h"

#include "base/clock.h"
#include "base/mem.h"
#include "net/server.h"
#include "python/door.h"
#include "python/failure.h"
#include "python/framework.h"
#include "python/text.h"

#include <stdlib.h>

typedef struct stream {
    PyObject *iterator; /* owned */
    PyObject *chunk;    /* owned: the latest one, which is being sent */
    gv_buf first;       /* sent before all chunks */
    bool begun;
    bool told;          /* that the server drains */
    gv_server *server;  /* borrowed: it outlives its answers */
    gv_running running; /* what the slot says while the iterator runs */
} stream;

/* 0, or -1 with an exception set. */
static int slice_of(PyObject *chunk, gv_slice *slice)
{
    if (PyBytes_Check(chunk) || PyUnicode_Check(chunk))
        return gv_text_or_bytes_slice(chunk, slice) ? 0 : -1;
    PyErr_Format(PyExc_TypeError, "an iterator must yield str, bytes or None, not %s",
                 Py_TYPE(chunk)->tp_name);
    return -1;
}

/* The iterator is application code: should it hang or crash, this names it. */
static void begin(stream *self)
{
    int64_t now_ms = gv_clock_monotonic_ms();

    gv_slot_begin(self->server->slot, self->running.id, gv_slice_of(self->running.name),
                  now_ms, gv_slice_of(self->running.method),
                  gv_slice_of(self->running.path));
    gv_watched_enter(&self->server->watched, NULL, now_ms);
    gv_gil_take();
}

/* Calls the iterator's method of that name, where it has one.  What it raises is logged. */
static void tell(stream *self, PyObject *name)
{
    PyObject *done = NULL;

    if (PyObject_HasAttr(self->iterator, name))
        done = PyObject_CallMethodNoArgs(self->iterator, name);
    if (PyErr_Occurred())
        gv_failure_log_stream(&self->running);
    Py_XDECREF(done);
}

/* Once the server drains, the iterator may end by itself. */
static void ask(stream *self)
{
    begin(self);
    if (self->server->draining && !self->told) {
        self->told = true;
        tell(self, GV_NAME(finish));
    }
    Py_XSETREF(self->chunk, PyIter_Next(self->iterator));
    gv_door_leave(self->server);
}

static gv_more next(void *owner, gv_slice *slice)
{
    stream *self = owner;

    if (!self->begun && self->first.len > 0) {
        self->begun = true;
        *slice = gv_buf_slice(&self->first);
        return GV_MORE;
    }
    ask(self);
    if (self->chunk == Py_None)
        return GV_MORE_LATER;
    if (self->chunk == NULL && !PyErr_Occurred())
        return GV_NO_MORE;
    if (self->chunk != NULL && slice_of(self->chunk, slice) == 0)
        return GV_MORE;
    gv_failure_log_stream(&self->running);
    return GV_MORE_FAILED;
}

static void dispose(stream *self)
{
    Py_DECREF(self->iterator);
    Py_XDECREF(self->chunk);
    gv_buf_dispose(&self->first);
    free(self);
}

/* Within a request where that failed behind the call that made the iterator. */
static void release(void *owner)
{
    stream *self = owner;
    gv_server *server = self->server;
    bool is_within = gv_watched_is_entered(&server->watched);

    if (!is_within)
        begin(self);
    tell(self, GV_NAME(close)); /* as WSGI does: nobody reads on */
    dispose(self);
    if (!is_within)
        gv_door_leave(server);
}

PyObject *gv_stream_iterator(const gv_payload *payload)
{
    const stream *self = payload->owner;

    if (self->first.len == 0)
        return Py_NewRef(self->iterator);
    return PyObject_CallFunction(GV_PIECE(begun), "y#O", self->first.at,
                                 (Py_ssize_t)self->first.len, self->iterator);
}

void gv_stream_give_away(gv_payload *payload)
{
    dispose(payload->owner);
    *payload = (gv_payload){.kind = GV_PAYLOAD_NONE};
}

void gv_stream_set(gv_exchange *ex, gv_buf *first, PyObject *iterator)
{
    stream *self = gv_malloc(sizeof(*self));

    *self = (stream){
        .iterator = Py_NewRef(iterator), .first = *first, .server = ex->server};
    *first = (gv_buf){0};
    gv_running_set(&self->running, ex->id, ex->req->id, 0, ex->req->method_name,
                   ex->req->target);
    gv_payload_dispose(&ex->res.payload);
    ex->res.payload = (gv_payload){
        .kind = GV_PAYLOAD_STREAM, .owner = self, .release = release, .next = next};
}
