/* An iterator as the body of a response. */
#ifndef GV_PYTHON_STREAM_H
#define GV_PYTHON_STREAM_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "net/exchange.h"

/* Makes `first`, and behind it what `iterator` yields, the body: str or bytes, or None where
 * it has nothing now and is to be asked again later.  `first` is moved and left empty; a
 * new reference to `iterator` is kept until all is sent or the client is gone, when its
 * close() is called.  Its finish() is called once the server drains.  It may do without
 * either. */
void gv_stream_set(gv_exchange *ex, gv_buf *first, PyObject *iterator);

/* An iterator over all that the GV_PAYLOAD_STREAM would send, of which it has sent nothing
 * yet: a new reference, or NULL with an exception set. */
PyObject *gv_stream_iterator(const gv_payload *payload);

/* Makes it GV_PAYLOAD_NONE; the iterator, which is somebody else's now, is not closed. */
void gv_stream_give_away(gv_payload *payload);

#endif
