/* The interpreter's lock, held only while this thread has business with Python.
 *
 * The loop lets go of it before it waits (so that the application's threads run) and
 * takes it when the first request of a turn needs Python: requests that the engine
 * answers by itself never wait for it. */
#ifndef GV_PYTHON_GIL_H
#define GV_PYTHON_GIL_H

/* Takes the lock where this thread has let go of it. */
void gv_gil_take(void);

/* Lets go of it where this thread holds it. */
void gv_gil_drop(void);

#endif
