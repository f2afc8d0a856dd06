/* How a child process ended, in words. */
#ifndef GV_DAEMON_EXIT_STATUS_H
#define GV_DAEMON_EXIT_STATUS_H

typedef struct gv_exit_text {
    char text[48]; /* "exited with status 3", "died of SIGSEGV" */
} gv_exit_text;

/* `status` as waitpid() gives it. */
gv_exit_text gv_exit_describe(int status);

/* In a word: "exit", "SIGSEGV". */
gv_exit_text gv_exit_cause(int status);

#endif
