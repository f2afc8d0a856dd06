#include "python/dispatch.h"

#include "net/static.h"
#include "python/call.h"
#include "python/door.h"
#include "python/failure.h"
#include "python/framework.h"
#include "python/request.h"
#include "python/result.h"
#include "python/targets.h"
#include "python/text.h"

/* The exception that is set answers: no such page, where an argument did not convert. */
static void answer_bad_argument(gv_exchange *ex)
{
    if (PyErr_ExceptionMatches(PyExc_ValueError) ||
        PyErr_ExceptionMatches(PyExc_ArithmeticError)) { /* decimal's */
        PyErr_Clear();
        gv_exchange_error(ex, 404);
    } else {
        gv_failure_answer(ex);
    }
}

/* `added` is 0 where all arguments have been, or -1 with an exception set. */
static void finish_call(gv_exchange *ex, const gv_py_action *action, gv_call *call,
                        int added)
{
    if (added == 0)
        gv_call_run(call, action, ex);
    else
        answer_bad_argument(ex);
    gv_call_dispose(call);
}

/* With the arguments that the router found in the path. */
static void run_action(gv_exchange *ex, const gv_py_action *action)
{
    gv_call call;
    int added = 0;

    gv_call_init(&call, action);
    for (int i = 0; added == 0 && i < ex->match.arg_count; i++)
        added = gv_call_add_segment(&call, action, i, ex->match.args[i]);
    finish_call(ex, action, &call, added);
}

static int redirect(gv_exchange *ex, const gv_py_redirect *target)
{
    gv_slice location;

    if (gv_text_slice(target->location, &location))
        gv_exchange_redirect(ex, target->status, location);
    else
        gv_failure_answer(ex);
    return GV_OK;
}

/* What needs no application code; GV_DECLINED for any other target. */
static int run_plain(gv_exchange *ex, PyObject *target)
{
    if (gv_py_redirect_check(target))
        return redirect(ex, (gv_py_redirect *)target);
    if (gv_py_file_check(target))
        return gv_static_serve_file(ex,
                                    PyBytes_AS_STRING(((gv_py_file *)target)->path));
    return GV_DECLINED;
}

/* ---- Python routers ---- */

/* With the arguments that a Handler carries, which are as many as the action takes. */
static void call_with(gv_exchange *ex, const gv_py_action *action, PyObject *args)
{
    gv_call call;
    int added = 0;

    gv_call_init(&call, action);
    for (int i = 0; added == 0 && i < PyTuple_GET_SIZE(args); i++)
        added = gv_call_add(&call, action, i, Py_NewRef(PyTuple_GET_ITEM(args, i)));
    finish_call(ex, action, &call, added);
}

/* GV_OK, or GV_BAD_METHOD where the action does not answer this one. */
static int run_handler_action(gv_exchange *ex, const gv_py_action *action,
                              PyObject *handler)
{
    gv_action limits = gv_py_action_route((PyObject *)action);
    PyObject *given = PyObject_GetAttr(handler, GV_NAME(args));
    PyObject *args = given != NULL ? PySequence_Tuple(given) : NULL;
    int outcome = GV_OK;

    if (args == NULL)
        gv_failure_answer(ex);
    else if (PyTuple_GET_SIZE(args) > GV_ARGS_MAX ||
             !gv_action_takes(&limits, (int)PyTuple_GET_SIZE(args)))
        gv_exchange_error(ex, 404);
    else if ((limits.methods & GV_METHOD_BIT(ex->method)) == 0)
        outcome = gv_match_bad_method(&ex->match, limits.methods);
    else
        call_with(ex, action, args);
    Py_XDECREF(args);
    Py_XDECREF(given);
    return outcome;
}

static int run_handler(gv_exchange *ex, const gv_dynamic *dynamic, PyObject *handler)
{
    PyObject *target = PyObject_CallOneArg(dynamic->resolve, handler);
    int outcome = GV_OK;

    if (target == NULL)
        gv_failure_answer(ex);
    else if (gv_py_action_check(target))
        outcome = run_handler_action(ex, (gv_py_action *)target, handler);
    else
        outcome = run_plain(ex, target);
    Py_XDECREF(target);
    return outcome;
}

/* What route() returned: a Handler or None; of a bare callable, the answer. */
static int take_routed(gv_exchange *ex, const gv_dynamic *dynamic, PyObject *routed)
{
    if (routed == NULL) {
        gv_failure_answer(ex);
        return GV_OK;
    }
    if (dynamic->resolve != NULL)
        return routed != Py_None ? run_handler(ex, dynamic, routed) : GV_DECLINED;
    if (gv_result_apply(ex, routed, NULL) < 0)
        gv_failure_answer(ex);
    return GV_OK;
}

static int run_dynamic(gv_exchange *ex, const gv_dynamic *dynamic)
{
    PyObject *routed = PyObject_CallOneArg(dynamic->route, ex->request);
    int outcome = take_routed(ex, dynamic, routed);

    Py_XDECREF(routed);
    return outcome;
}

/* ---- the door ---- */

/* Asks application code, with a request that it can look at. */
static int run_code(gv_exchange *ex)
{
    bool is_first = gv_py_request_begin(ex);
    int outcome = GV_OK;

    if (ex->request == NULL)
        gv_failure_answer(ex);
    else if (ex->match.kind == GV_MOUNT_DYNAMIC)
        outcome = run_dynamic(ex, ex->match.target);
    else
        run_action(ex, ex->match.action->target);
    if (is_first)
        gv_py_request_end(ex, outcome);
    return outcome;
}

static bool is_code(const gv_match *match)
{
    return match->kind == GV_MOUNT_DYNAMIC || gv_py_action_check(match->action->target);
}

int gv_dispatch(void *ctx, gv_exchange *ex)
{
    int outcome;

    (void)ctx;
    gv_door_enter(ex);
    outcome =
        is_code(&ex->match) ? run_code(ex) : run_plain(ex, ex->match.action->target);
    gv_door_leave(ex->server);
    return outcome;
}
