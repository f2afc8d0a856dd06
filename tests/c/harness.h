/* Tests of the C units.
 *
 * tests/c/<dir>/test_<unit>.c mirrors core/<dir>/<unit>.c and is one program,
 * linked with core/base, core/http, core/route and llhttp: no socket, no libuv,
 * no interpreter.  `make test-c` finds it by its name.  A whole one:
 *
 *     #include "http/range.h"
 *
 *     #include "harness.h"
 *
 *     TEST(a_suffix_longer_than_the_file_is_the_file)
 *     {
 *         const char *text = gv_guarded("bytes=-900", 10);
 *         gv_range range;
 *
 *         REQUIRE(gv_range_parse(&range, text, 10, 500) == GV_OK);
 *         CHECK_INT(range.first, 0);
 *     }
 *
 * The tests of a program run in file order and share its process. */
#ifndef GV_TESTS_HARNESS_H
#define GV_TESTS_HARNESS_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* Defines a test; its name is what it promises. */
#define TEST(name)                                                                     \
    static void name(void);                                                            \
    __attribute__((constructor)) static void register_##name(void)                     \
    {                                                                                  \
        static gv_test test = {#name, name, NULL};                                     \
        gv_test_register(&test);                                                       \
    }                                                                                  \
    static void name(void)

/* Notes a failure and goes on. */
#define CHECK(condition)                                                               \
    gv_test_check((condition), __FILE__, __LINE__, "%s", #condition)

/* Notes a failure and ends the test: the rest makes no sense without it. */
#define REQUIRE(condition)                                                             \
    do {                                                                               \
        if (!CHECK(condition))                                                         \
            gv_test_abandon();                                                         \
    } while (0)

/* Two integers are equal. */
#define CHECK_INT(actual, expected)                                                    \
    gv_test_check_int((actual), (expected), __FILE__, __LINE__, #actual)

/* A slice holds the bytes of a NUL-terminated string. */
#define CHECK_SLICE(actual, expected)                                                  \
    gv_test_check_slice((actual), gv_slice_of(expected), __FILE__, __LINE__, #actual)

/* A copy of `len` bytes that ends right before an inaccessible page: reading one
 * byte too many crashes.  Freed when the test ends. */
char *gv_guarded(const char *data, size_t len);

/* Frees all such copies, where a test makes more of them than the kernel maps. */
void gv_guarded_free(void);

/* The same as a slice, from a NUL-terminated string whose NUL is left out. */
gv_slice gv_guarded_slice(const char *text);

/* What the macros above expand to. */
typedef struct gv_test {
    const char *name;
    void (*run)(void);
    struct gv_test *next;
} gv_test;

void gv_test_register(gv_test *test);
bool gv_test_check(bool holds, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool gv_test_check_int(long long actual, long long expected, const char *file, int line,
                       const char *what);
bool gv_test_check_slice(gv_slice actual, gv_slice expected, const char *file, int line,
                         const char *what);
_Noreturn void gv_test_abandon(void);

#endif
