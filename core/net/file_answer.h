/* From a file to the answer to a GET or HEAD: preconditions, ranges, payload. */
#ifndef GV_NET_FILE_ANSWER_H
#define GV_NET_FILE_ANSWER_H

#include "net/exchange.h"
#include "net/file.h"
#include "net/open_file.h"

/* Fills ex->res.  `open` is where the content is; NULL where it is file->content.  Both
 * are borrowed: what the answer keeps of them has references of its own. */
void gv_file_answer(gv_exchange *ex, gv_file *file, gv_open_file *open);

/* The same with all of the file, whatever is asked for, and a status of one's own. */
void gv_file_answer_whole(gv_exchange *ex, gv_file *file, gv_open_file *open,
                          int status);

#endif
