/* One call of one action. */
#ifndef GV_PYTHON_CALL_H
#define GV_PYTHON_CALL_H

#include "net/exchange.h"
#include "python/action.h"

/* The arguments of a call: a place for the controller, then constants, then those of
 * the URL.  Owned references. */
typedef struct gv_call {
    PyObject *stack[2 + 2 * GV_ARGS_MAX];
    size_t count; /* without the controller */
} gv_call;

/* Begins with the action's constants. */
void gv_call_init(gv_call *call, const gv_py_action *action);
void gv_call_dispose(gv_call *call);

/* Adds the next argument, the `index`-th of the URL, converted.  0, or -1 with an
 * exception set: a ValueError where it does not convert. */
int gv_call_add_segment(gv_call *call, const gv_py_action *action, int index,
                        gv_slice segment);

/* The same of one that a Handler carries: converted where it is text.  Steals
 * `argument`, which may be NULL with an exception set. */
int gv_call_add(gv_call *call, const gv_py_action *action, int index,
                PyObject *argument);

/* Makes the controller of ex->request, whose status begins as `status`, runs the action between its hooks,
 * and fills ex->res.  0, or -1 with an exception set. */
int gv_call_answer(gv_call *call, const gv_py_action *action, gv_exchange *ex,
                   int status);

/* The same from 200; an exception becomes an error answer. */
void gv_call_run(gv_call *call, const gv_py_action *action, gv_exchange *ex);

#endif
