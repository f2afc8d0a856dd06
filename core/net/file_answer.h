/* From a file to the answer to a GET or HEAD: preconditions, ranges, payload. */
#ifndef GV_NET_FILE_ANSWER_H
#define GV_NET_FILE_ANSWER_H

#include "net/exchange.h"
#include "net/file.h"

/* Fills ex->res.  `fd` is the open file, taken over; -1 where file->content is all of
 * it.  `file` is borrowed; what the answer keeps of it has a reference of its own. */
void gv_file_answer(gv_exchange *ex, gv_file *file, int fd);

#endif
