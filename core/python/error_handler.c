#include "python/error_handler.h"

#include "python/call.h"
#include "python/door.h"
#include "python/failure.h"
#include "python/request.h"

/* Whatever an answer that failed has left; `fields` are there again. */
static void forget_answer(gv_exchange *ex, gv_slice fields)
{
    gv_payload_dispose(&ex->res.payload);
    ex->res.content_type = GV_SLICE_NONE;
    ex->res.fields.len = 0;
    gv_buf_append_slice(&ex->res.fields, fields);
}

/* The fields that go with the error stay.  0, or -1 with an exception set. */
static int call(gv_exchange *ex, const gv_py_action *action, int status)
{
    gv_call call;
    int outcome;

    gv_call_init(&call, action);
    outcome = gv_call_answer(&call, action, ex, status);
    gv_call_dispose(&call);
    return outcome;
}

/* `fields` are those that go with the error. */
static int run(gv_exchange *ex, const gv_py_action *action, int status, gv_slice fields)
{
    bool is_first = gv_py_request_begin(ex);
    int outcome = GV_OK;

    forget_answer(ex, fields);
    if (ex->request == NULL || call(ex, action, status) < 0) {
        gv_failure_log_handler(ex);
        forget_answer(ex, fields);
        outcome = GV_FAILED;
    }
    if (is_first)
        gv_py_request_end(ex, outcome);
    return outcome;
}

/* The action may replace the buffer that the fields are in. */
static int run_with_copy(gv_exchange *ex, const gv_py_action *action, int status)
{
    gv_buf fields = {0};
    int outcome;

    gv_buf_append_slice(&fields, gv_buf_slice(&ex->res.fields));
    outcome = run(ex, action, status, gv_buf_slice(&fields));
    gv_buf_dispose(&fields);
    return outcome;
}

int gv_error_handler_run(void *handler, gv_exchange *ex, int status)
{
    bool is_within = gv_watched_is_entered(&ex->server->watched);
    int outcome;

    if (!is_within)
        gv_door_enter(ex);
    outcome = run_with_copy(ex, handler, status);
    if (!is_within)
        gv_door_leave(ex->server);
    return outcome;
}
