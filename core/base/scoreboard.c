#include "base/scoreboard.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t size_of(uint32_t slot_count)
{
    return sizeof(gv_scoreboard) + slot_count * sizeof(gv_slot);
}

static gv_scoreboard *map(int fd, size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

gv_scoreboard *gv_scoreboard_create(uint32_t slot_count, int *fd)
{
    gv_scoreboard *board = NULL;

    *fd = memfd_create("guava-scoreboard", MFD_CLOEXEC);
    if (*fd < 0)
        return NULL;
    if (ftruncate(*fd, (off_t)size_of(slot_count)) == 0)
        board = map(*fd, size_of(slot_count));
    if (board == NULL) {
        close(*fd);
        *fd = -1;
        return NULL;
    }
    board->magic = GV_SCOREBOARD_MAGIC;
    board->slot_count = slot_count;
    return board;
}

gv_scoreboard *gv_scoreboard_map(int fd)
{
    gv_scoreboard *board;
    struct stat info;

    if (fstat(fd, &info) < 0 || (size_t)info.st_size < sizeof(gv_scoreboard))
        return NULL;
    board = map(fd, (size_t)info.st_size);
    if (board == NULL)
        return NULL;
    if (board->magic != GV_SCOREBOARD_MAGIC ||
        size_of(board->slot_count) != (size_t)info.st_size) {
        munmap(board, (size_t)info.st_size);
        return NULL;
    }
    return board;
}

void gv_scoreboard_unmap(gv_scoreboard *board)
{
    munmap(board, size_of(board->slot_count));
}

static void copy_text(char *to, size_t size, gv_slice from)
{
    size_t len = from.len < size ? from.len : size - 1;

    if (len > 0)
        memcpy(to, from.at, len);
    to[len] = '\0';
}

void gv_running_set(gv_running *running, uint64_t id, gv_slice name, int64_t started_ms,
                    gv_slice method, gv_slice path)
{
    running->id = id;
    running->started_ms = started_ms;
    copy_text(running->method, sizeof(running->method), method);
    copy_text(running->path, sizeof(running->path), path);
    copy_text(running->name, sizeof(running->name), name);
}

/* Which row of `answers` counts for a router. */
static unsigned row_of(int router)
{
    int row = GV_SLOT_FIRST_ROUTER + router;

    if (router < 0)
        return GV_SLOT_NO_ROUTER;
    return row < GV_SLOT_OTHER_ROUTER ? (unsigned)row : GV_SLOT_OTHER_ROUTER;
}

void gv_slot_answered(gv_slot *slot, int router, int status, uint64_t latency_us)
{
    gv_counter_add(&slot->requests, 1);
    gv_counter_add(&slot->answers[row_of(router)][status / 100 % GV_SLOT_CLASSES], 1);
    gv_counter_add(&slot->latencies[gv_latency_bucket(latency_us)], 1);
    gv_counter_add(&slot->latency_us, latency_us);
}

static void add_waiting(_Atomic uint32_t *count, uint32_t more)
{
    uint32_t value = atomic_load_explicit(count, memory_order_relaxed);

    atomic_store_explicit(count, value + more, memory_order_relaxed);
}

void gv_slot_wait_moved(gv_slot *slot, gv_slot_wait from, gv_slot_wait to)
{
    if (from != GV_SLOT_WAITS)
        add_waiting(&slot->waiting[from], (uint32_t)-1);
    if (to != GV_SLOT_WAITS)
        add_waiting(&slot->waiting[to], 1);
}

const char *gv_running_name(const gv_running *running, char text[GV_RUNNING_NAME])
{
    if (running->name[0] != '\0')
        return running->name;
    snprintf(text, GV_RUNNING_NAME, "%016" PRIx64, running->id);
    return text;
}

void gv_slot_begin(gv_slot *slot, uint64_t id, gv_slice name, int64_t now_ms,
                   gv_slice method, gv_slice path)
{
    uint32_t sequence = atomic_load_explicit(&slot->sequence, memory_order_relaxed);

    atomic_store_explicit(&slot->sequence, sequence + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    gv_running_set(&slot->running, id, name, now_ms, method, path);
    atomic_store_explicit(&slot->sequence, sequence + 2, memory_order_release);
}

void gv_slot_end(gv_slot *slot)
{
    uint32_t sequence = atomic_load_explicit(&slot->sequence, memory_order_relaxed);

    atomic_store_explicit(&slot->sequence, sequence + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    slot->running.id = 0;
    atomic_store_explicit(&slot->sequence, sequence + 2, memory_order_release);
}

int64_t gv_slot_running_since(const gv_slot *slot)
{
    uint32_t before = atomic_load_explicit(&slot->sequence, memory_order_acquire);
    uint64_t id = slot->running.id;
    int64_t since = slot->running.started_ms;

    atomic_thread_fence(memory_order_acquire);
    if (id == 0 || before % 2 != 0 ||
        atomic_load_explicit(&slot->sequence, memory_order_relaxed) != before)
        return 0;
    return since;
}

bool gv_slot_running(const gv_slot *slot, gv_running *out)
{
    enum { TRIES = 1000 }; /* a worker that died while writing leaves it odd */
    uint32_t before, after;
    int tries = 0;

    do {
        before = atomic_load_explicit(&slot->sequence, memory_order_acquire);
        memcpy(out, &slot->running, sizeof(*out));
        atomic_thread_fence(memory_order_acquire);
        after = atomic_load_explicit(&slot->sequence, memory_order_relaxed);
    } while ((before != after || before % 2 != 0) && ++tries < TRIES);
    out->method[GV_SLOT_METHOD - 1] = '\0';
    out->path[GV_SLOT_PATH - 1] = '\0';
    out->name[GV_RUNNING_NAME - 1] = '\0';
    return out->id != 0;
}
