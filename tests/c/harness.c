/* Runs the tests that a program registered: see harness.h. */
#include "harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A mapping whose last page is inaccessible. */
typedef struct guard {
    char *pages;
    size_t size;
    struct guard *next;
} guard;

static gv_test *tests;
static gv_test **last = &tests;

/* While one test runs. */
static guard *guards;
static bool failed;
static jmp_buf abandoned;

void gv_test_register(gv_test *test)
{
    *last = test;
    last = &test->next;
}

bool gv_test_check(bool holds, const char *file, int line, const char *format, ...)
{
    va_list args;

    if (holds)
        return true;
    failed = true;
    fprintf(stderr, "%s:%d: not true: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return false;
}

bool gv_test_check_int(long long actual, long long expected, const char *file, int line,
                       const char *what)
{
    return gv_test_check(actual == expected, file, line, "%s is %lld, not %lld", what,
                         expected, actual);
}

bool gv_test_check_slice(gv_slice actual, gv_slice expected, const char *file, int line,
                         const char *what)
{
    return gv_test_check(gv_slice_equal(actual, expected), file, line,
                         "%s is \"%.*s\", not \"%.*s\"", what, (int)expected.len,
                         expected.at, (int)actual.len, actual.at ? actual.at : "");
}

void gv_test_abandon(void)
{
    longjmp(abandoned, 1);
}

char *gv_guarded(const char *data, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t readable = (len + page - 1) / page * page;
    guard *made = malloc(sizeof *made);
    char *end;

    if (made == NULL)
        abort();
    made->size = readable + page;
    made->pages = mmap(NULL, made->size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made->pages == MAP_FAILED)
        abort();
    end = made->pages + readable;
    if (mprotect(end, page, PROT_NONE) < 0)
        abort();
    made->next = guards;
    guards = made;
    if (len > 0)
        memcpy(end - len, data, len);
    return end - len;
}

gv_slice gv_guarded_slice(const char *text)
{
    size_t len = strlen(text);

    return (gv_slice){gv_guarded(text, len), len};
}

void gv_guarded_free(void)
{
    while (guards != NULL) {
        guard *next = guards->next;

        munmap(guards->pages, guards->size);
        free(guards);
        guards = next;
    }
}

/* True where it passed. */
static bool run(const gv_test *test)
{
    failed = false;
    if (setjmp(abandoned) == 0)
        test->run();
    gv_guarded_free();
    if (failed)
        fprintf(stderr, "failed: %s\n", test->name);
    return !failed;
}

int main(int argc, char **argv)
{
    int passed = 0, broken = 0;

    (void)argc;
    for (const gv_test *test = tests; test != NULL; test = test->next)
        if (run(test))
            passed++;
        else
            broken++;
    printf("%s: %d passed, %d failed\n", argv[0], passed, broken);
    return broken > 0;
}
