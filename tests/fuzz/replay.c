/* A plain program of a fuzz target: runs what is kept of the corpus, once. */
#include "fuzz.h"

#include "base/mem.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_LEN = 512, ROOM = 1 << 16 };

/* A block of exactly the file's size, so that a read behind it is seen. */
static void run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *read = gv_malloc(ROOM), *exact;
    size_t len;

    FUZZ_CHECK(file != NULL);
    len = fread(read, 1, ROOM, file);
    FUZZ_CHECK(feof(file));
    fclose(file);
    exact = gv_malloc(len > 0 ? len : 1);
    memcpy(exact, read, len);
    LLVMFuzzerTestOneInput((const uint8_t *)exact, len);
    free(exact);
    free(read);
}

static int run_folder(const char *folder, bool is_verbose)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int count = 0;

    if (dir == NULL)
        return 0;
    while ((entry = readdir(dir)) != NULL) {
        char path[PATH_LEN];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (is_verbose)
            fprintf(stderr, "%s\n", path);
        run_file(path);
        count++;
    }
    closedir(dir);
    return count;
}

/* With files named, runs these alone and says which. */
int main(int argc, char **argv)
{
    int count = 0;

    for (int i = 1; i < argc; i++) {
        fprintf(stderr, "%s\n", argv[i]);
        run_file(argv[i]);
    }
    for (int i = 0; argc == 1 && gv_fuzz_corpus[i] != NULL; i++)
        count += run_folder(gv_fuzz_corpus[i], getenv("VERBOSE") != NULL);
    printf("%s: %d passed, 0 failed\n", argv[0], argc > 1 ? argc - 1 : count);
    return 0;
}
