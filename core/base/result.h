/* Outcomes that functions return where a length or GV_OK would mean success.
 * All are negative, so that one ssize_t carries either. */
#ifndef GV_BASE_RESULT_H
#define GV_BASE_RESULT_H

enum gv_result {
    GV_OK = 0,
    GV_AGAIN = -1,      /* the input stops short, or the socket would block */
    GV_BAD = -2,        /* malformed input */
    GV_DECLINED = -3,   /* not ours: ask the next one */
    GV_TOO_LARGE = -4,  /* over a limit */
    GV_BAD_METHOD = -5, /* the resource exists and does not take this method */
    GV_FAILED = -6      /* a system call failed: errno says how */
};

#endif
