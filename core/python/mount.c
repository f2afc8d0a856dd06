#include "python/mount.h"

#include "net/static.h"
#include "python/action.h"
#include "python/targets.h"
#include "python/text.h"

/* 0, or -1 with TypeError where `object` is no Action. */
static int check_action(PyObject *object)
{
    if (gv_py_action_check(object))
        return 0;
    PyErr_Format(PyExc_TypeError, "expected an Action, found %s",
                 Py_TYPE(object)->tp_name);
    return -1;
}

/* ---- MVC ---- */

/* `object`: an Action or a tuple of them.  0, or -1 with an exception set. */
static int mount_answer(gv_mvc *mvc, gv_slice module, gv_slice name, PyObject *object)
{
    Py_ssize_t count = PyTuple_Check(object) ? PyTuple_GET_SIZE(object) : 1;

    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *action = PyTuple_Check(object) ? PyTuple_GET_ITEM(object, i) : object;

        if (check_action(action) < 0)
            return -1;
        gv_mvc_add(mvc, module, name, gv_py_action_route(action));
    }
    return 0;
}

static int mount_module(gv_mvc *mvc, gv_slice module, PyObject *actions)
{
    PyObject *name, *answer;
    Py_ssize_t at = 0;
    gv_slice text;

    while (PyDict_Next(actions, &at, &name, &answer)) {
        if (!gv_text_slice(name, &text) || mount_answer(mvc, module, text, answer) < 0)
            return -1;
    }
    return 0;
}

/* Puts a copy of `actions` in its place, which nobody else can take Actions out of.
 * A borrowed reference, or NULL with an exception set. */
static PyObject *own_copy(PyObject *modules, PyObject *name, PyObject *actions)
{
    PyObject *copy = PyDict_New();
    int outcome = copy != NULL ? PyDict_Update(copy, actions) : -1;

    if (outcome == 0)
        outcome = PyDict_SetItem(modules, name, copy);
    Py_XDECREF(copy);
    return outcome == 0 ? copy : NULL;
}

int gv_mount_mvc(gv_mvc *mvc, PyObject *modules)
{
    PyObject *name, *actions;
    Py_ssize_t at = 0;
    gv_slice text;

    while (PyDict_Next(modules, &at, &name, &actions)) {
        if (!gv_text_slice(name, &text))
            return -1;
        actions = own_copy(modules, name, actions);
        if (actions == NULL || mount_module(mvc, text, actions) < 0)
            return -1;
    }
    return 0;
}

/* ---- REST ---- */

static int slot_called(gv_slice name)
{
    static const gv_slice names[GV_REST_SLOTS] = {
        [GV_REST_GET_ALL] = {"get_all", 7},
        [GV_REST_CREATE_ONE] = {"create_one", 10},
        [GV_REST_GET_ONE] = {"get_one", 7},
        [GV_REST_UPDATE_ONE] = {"update_one", 10},
        [GV_REST_PATCH_ONE] = {"patch_one", 9},
        [GV_REST_DELETE_ONE] = {"delete_one", 10},
    };

    for (int slot = 0; slot < GV_REST_SLOTS; slot++) {
        if (gv_slice_equal(name, names[slot]))
            return slot;
    }
    return -1;
}

static int mount_actions(gv_resource *resource, PyObject *actions)
{
    PyObject *name, *action;
    Py_ssize_t at = 0;
    gv_slice text;

    while (PyDict_Next(actions, &at, &name, &action)) {
        int slot;

        if (!gv_text_slice(name, &text) || check_action(action) < 0)
            return -1;
        slot = slot_called(text);
        if (slot < 0) {
            PyErr_Format(PyExc_ValueError, "%R is no action of a REST resource", name);
            return -1;
        }
        gv_resource_set(resource, (gv_rest_slot)slot, gv_py_action_route(action));
    }
    return 0;
}

static int mount_resource(gv_resource *resource, PyObject *object);

static int mount_children(gv_resource *resource, PyObject *children)
{
    PyObject *name, *child;
    Py_ssize_t at = 0;
    gv_slice text;

    while (PyDict_Next(children, &at, &name, &child)) {
        if (!gv_text_slice(name, &text) ||
            mount_resource(gv_resource_child(resource, text), child) < 0)
            return -1;
    }
    return 0;
}

static int mount_resource(gv_resource *resource, PyObject *object)
{
    gv_py_resource *described = (gv_py_resource *)object;

    if (!gv_py_resource_check(object) || described->actions == NULL ||
        described->children == NULL) {
        PyErr_SetString(PyExc_TypeError, "expected a Resource");
        return -1;
    }
    if (mount_actions(resource, described->actions) < 0)
        return -1;
    return mount_children(resource, described->children);
}

int gv_mount_rest(gv_rest *rest, PyObject *resources)
{
    PyObject *name, *resource;
    Py_ssize_t at = 0;
    gv_slice text;

    while (PyDict_Next(resources, &at, &name, &resource)) {
        if (!gv_text_slice(name, &text) ||
            mount_resource(gv_rest_resource(rest, text), resource) < 0)
            return -1;
    }
    return 0;
}

/* ---- tables ---- */

static int mount_route(gv_table *table, gv_slice path, PyObject *target)
{
    gv_action file = {.target = target, .methods = GV_STATIC_METHODS};
    gv_action plain = {.target = target};

    if (path.len == 0 || path.at[0] != '/') {
        PyErr_SetString(PyExc_ValueError, "a table's paths begin with a slash");
        return -1;
    }
    if (gv_py_redirect_check(target))
        gv_table_add(table, path, plain);
    else if (gv_py_file_check(target))
        gv_table_add(table, path, file);
    else if (check_action(target) < 0)
        return -1;
    else
        gv_table_add(table, path, gv_py_action_route(target));
    return 0;
}

int gv_mount_table(gv_table *table, PyObject *routes)
{
    PyObject *path, *target;
    Py_ssize_t at = 0;
    gv_slice text;

    while (PyDict_Next(routes, &at, &path, &target)) {
        if (!gv_text_slice(path, &text) || mount_route(table, text, target) < 0)
            return -1;
    }
    return 0;
}
