/* The memory that workers share with each other (guava.shared): two files of memory, which
 * hold an LMDB environment and its locks.  The master makes them, never looks into them,
 * and hands them to every worker and to the guavad after it, so that what workers keep
 * there outlives them all. */
#ifndef GV_DAEMON_SHARED_H
#define GV_DAEMON_SHARED_H

#include "daemon/error.h"

typedef struct gv_shared_files {
    int data; /* -1: not there yet */
    int locks;
} gv_shared_files;

/* Takes over those of the guavad before; they are close-on-exec from then on. */
void gv_shared_adopt(int data, int locks);

/* Makes them, where none were adopted.  They stay open for as long as the process lives. */
int gv_shared_open(gv_error *error);

/* Borrowed. */
gv_shared_files gv_shared_get(void);

#endif
