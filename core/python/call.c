#include "python/call.h"

#include "python/controller.h"
#include "python/failure.h"
#include "python/framework.h"
#include "python/result.h"
#include "python/text.h"

enum { FIRST = 2 /* stack[0] is vectorcall's, stack[1] the controller's */ };

void gv_call_init(gv_call *call, const gv_py_action *action)
{
    call->count = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(action->constants); i++)
        call->stack[FIRST + call->count++] =
            Py_NewRef(PyTuple_GET_ITEM(action->constants, i));
}

void gv_call_dispose(gv_call *call)
{
    while (call->count > 0)
        Py_DECREF(call->stack[FIRST + --call->count]);
}

/* int() also takes " 1_0 ", which is no way to write a number in a URL. */
static bool is_integer(PyObject *text)
{
    gv_slice digits;

    if (!gv_text_slice(text, &digits))
        return false;
    if (digits.len > 1 && digits.at[0] == '-')
        digits = gv_slice_from(digits, 1);
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
    }
    return digits.len > 0;
}

/* New reference, or NULL with an exception set. */
static PyObject *convert(PyObject *converter, PyObject *text)
{
    if (converter == (PyObject *)&PyLong_Type && !is_integer(text)) {
        PyErr_SetString(PyExc_ValueError, "not an integer");
        return NULL;
    }
    return PyObject_CallOneArg(converter, text);
}

int gv_call_add(gv_call *call, const gv_py_action *action, int index, PyObject *text)
{
    PyObject *converter = index < GV_ARGS_MAX ? action->converters[index] : NULL;

    if (text != NULL && converter != NULL && PyUnicode_Check(text))
        Py_SETREF(text, convert(converter, text));
    if (text == NULL)
        return -1;
    call->stack[FIRST + call->count++] = text;
    return 0;
}

/* New reference to the controller, its request set; NULL with an exception set. */
static PyObject *make_controller(const gv_py_action *action, PyObject *request)
{
    PyObject *made;

    if (action->plain_init)
        return gv_controller_new(action->controller, request);
    made = PyObject_CallOneArg((PyObject *)action->controller, request);
    if (made != NULL && !PyObject_TypeCheck(made, gv_controller_type())) {
        PyErr_Format(PyExc_TypeError, "%s() made no Controller, but %R",
                     action->controller->tp_name, made);
        Py_CLEAR(made);
    }
    if (made != NULL && ((gv_controller *)made)->request == NULL)
        ((gv_controller *)made)->request = Py_NewRef(request);
    return made;
}

/* before_action(): None goes on, anything else is the answer.  New reference, or NULL
 * with an exception set. */
static PyObject *before(const gv_py_action *action, PyObject *controller)
{
    if (!action->has_before)
        return Py_NewRef(Py_None);
    return PyObject_CallMethodNoArgs(controller, GV_NAME(before_action));
}

/* New reference to the answer, or NULL with an exception set. */
static PyObject *run(gv_call *call, const gv_py_action *action, PyObject *controller)
{
    PyObject *result = before(action, controller), *after;

    if (result != Py_None)
        return result;
    Py_DECREF(result);
    call->stack[1] = controller;
    result =
        PyObject_Vectorcall(action->function, call->stack + 1,
                            (call->count + 1) | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (result == NULL || !action->has_after)
        return result;
    after = PyObject_CallMethodNoArgs(controller, GV_NAME(after_action));
    if (after == NULL)
        Py_CLEAR(result);
    Py_XDECREF(after);
    return result;
}

void gv_call_run(gv_call *call, const gv_py_action *action, gv_exchange *ex,
                 PyObject *request)
{
    PyObject *controller = make_controller(action, request), *result = NULL;

    if (controller != NULL)
        result = run(call, action, controller);
    if (result == NULL || gv_result_apply(ex, result, (gv_controller *)controller) < 0)
        gv_failure_answer(ex);
    Py_XDECREF(result);
    Py_XDECREF(controller);
}
