/* What the fuzz targets share.  A target is one libFuzzer program, or, linked with
 * replay.c, a plain one that runs what is kept of its corpus. */
#ifndef GV_FUZZ_H
#define GV_FUZZ_H

#include "base/buf.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The folders whose files the target is fed, NULL behind the last. */
extern const char *const gv_fuzz_corpus[];

/* Ends the process, which is how a fuzzer learns of a fault. */
#define FUZZ_CHECK(condition)                                                          \
    ((condition) ? (void)0 : gv_fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void gv_fuzz_fail(const char *file, int line, const char *what);

/* As above, where two texts that must be equal are not. */
void gv_fuzz_same(const char *file, int line, const gv_buf *a, const gv_buf *b);
#define FUZZ_SAME(a, b) gv_fuzz_same(__FILE__, __LINE__, (a), (b))

/* Pseudo-random numbers that the input itself chooses: the same for the same bytes. */
typedef struct gv_fuzz_random {
    uint64_t state;
} gv_fuzz_random;

gv_fuzz_random gv_fuzz_random_of(gv_slice data);
size_t gv_fuzz_below(gv_fuzz_random *random, size_t limit);

#endif
