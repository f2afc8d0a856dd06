#include "python/call.h"

#include "python/controller.h"
#include "python/failure.h"
#include "python/framework.h"
#include "python/result.h"
#include "python/text.h"

enum {
    FIRST = 2,       /* stack[0] is vectorcall's, stack[1] the controller's */
    LONG_DIGITS = 18 /* that surely fit into 64 bits, a sign among them or not */
};

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

/* NULL: the text itself. */
static PyObject *converter_of(const gv_py_action *action, int index)
{
    return index < GV_ARGS_MAX ? action->converters[index] : NULL;
}

/* int() also takes " 1_0 ", which is no way to write a number in a URL. */
static bool is_integer(gv_slice text)
{
    gv_slice digits = text;

    if (digits.len > 1 && digits.at[0] == '-')
        digits = gv_slice_from(digits, 1);
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
    }
    return digits.len > 0;
}

/* What is_integer(), by int(), which has a limit. */
static PyObject *long_integer(gv_slice text)
{
    PyObject *digits = gv_text_path(text);
    PyObject *number = digits != NULL ? PyLong_FromUnicodeObject(digits, 10) : NULL;

    Py_XDECREF(digits);
    return number;
}

/* The call of int() would be a seventh of a small request.  New reference, or NULL with
 * an exception set: a ValueError where `text` is no integer. */
static PyObject *integer(gv_slice text)
{
    int64_t number = 0;
    bool is_negative;

    if (!is_integer(text)) {
        PyErr_SetString(PyExc_ValueError, "not an integer");
        return NULL;
    }
    if (text.len > LONG_DIGITS)
        return long_integer(text);
    is_negative = text.at[0] == '-';
    for (size_t i = is_negative; i < text.len; i++)
        number = number * 10 + (text.at[i] - '0');
    return PyLong_FromLongLong(is_negative ? -number : number);
}

/* New reference, or NULL with an exception set. */
static PyObject *convert(PyObject *converter, PyObject *text)
{
    gv_slice digits;

    if (converter != (PyObject *)&PyLong_Type)
        return PyObject_CallOneArg(converter, text);
    return gv_text_slice(text, &digits) ? integer(digits) : NULL;
}

/* Steals `argument`, which may be NULL with an exception set.  0, or -1 then. */
static int push(gv_call *call, PyObject *argument)
{
    if (argument == NULL)
        return -1;
    call->stack[FIRST + call->count++] = argument;
    return 0;
}

int gv_call_add_segment(gv_call *call, const gv_py_action *action, int index,
                        gv_slice segment)
{
    if (converter_of(action, index) == (PyObject *)&PyLong_Type)
        return push(call, integer(segment));
    return gv_call_add(call, action, index, gv_text_path(segment));
}

int gv_call_add(gv_call *call, const gv_py_action *action, int index,
                PyObject *argument)
{
    PyObject *converter = converter_of(action, index);

    if (argument != NULL && converter != NULL && PyUnicode_Check(argument))
        Py_SETREF(argument, convert(converter, argument));
    return push(call, argument);
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

int gv_call_answer(gv_call *call, const gv_py_action *action, gv_exchange *ex,
                   int status)
{
    PyObject *controller = make_controller(action, ex->request), *result = NULL;
    int outcome = -1;

    if (controller != NULL) {
        if (status != 200)
            ((gv_controller *)controller)->status = status;
        result = run(call, action, controller);
    }
    if (result != NULL)
        outcome = gv_result_apply(ex, result, (gv_controller *)controller);
    Py_XDECREF(result);
    Py_XDECREF(controller);
    return outcome;
}

void gv_call_run(gv_call *call, const gv_py_action *action, gv_exchange *ex)
{
    if (gv_call_answer(call, action, ex, 200) < 0)
        gv_failure_answer(ex);
}
