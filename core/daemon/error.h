/* One readable line that says what went wrong, carried up to whoever reports it. */
#ifndef GV_DAEMON_ERROR_H
#define GV_DAEMON_ERROR_H

typedef struct gv_error {
    char text[512]; /* "" while nothing went wrong */
} gv_error;

/* Cuts what is too long.  GV_FAILED, so that callers can return it. */
int gv_error_set(gv_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
