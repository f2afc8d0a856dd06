/* Around every call of application code: the slot names what runs, should it hang or
 * crash, the watchdog takes its time, and this thread has the interpreter's lock. */
#ifndef GV_PYTHON_DOOR_H
#define GV_PYTHON_DOOR_H

#include "net/exchange.h"
#include "net/server.h"
#include "python/gil.h"

static inline void gv_door_enter(gv_exchange *ex)
{
    gv_server *server = ex->server;

    gv_slot_begin(server->slot, ex->id, ex->req->id, gv_server_now(server),
                  ex->req->method_name, ex->req->target);
    gv_watched_enter(&server->watched, ex, gv_server_now(server));
    gv_gil_take(); /* another thread may hold it for long */
}

static inline void gv_door_leave(gv_server *server)
{
    gv_watched_leave(&server->watched);
    gv_slot_end(server->slot);
}

#endif
