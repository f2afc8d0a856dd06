#include "base/scoreboard.h"

#include "harness.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

TEST(two_mappings_of_one_board_share_its_slots)
{
    gv_scoreboard *mine, *theirs;
    int fd;

    mine = gv_scoreboard_create(3, &fd);
    REQUIRE(mine != NULL);
    theirs = gv_scoreboard_map(fd);
    REQUIRE(theirs != NULL);
    CHECK_INT(theirs->slot_count, 3);
    atomic_store(&mine->slots[2].requests, 7);
    CHECK_INT(atomic_load(&theirs->slots[2].requests), 7);
    gv_scoreboard_unmap(theirs);
    gv_scoreboard_unmap(mine);
    close(fd);
}

TEST(its_descriptor_is_close_on_exec)
{
    int fd;
    gv_scoreboard *board = gv_scoreboard_create(1, &fd);

    REQUIRE(board != NULL);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    gv_scoreboard_unmap(board);
    close(fd);
}

TEST(a_new_board_has_free_slots_on_lines_of_their_own)
{
    int fd;
    gv_scoreboard *board = gv_scoreboard_create(2, &fd);

    REQUIRE(board != NULL);
    CHECK_INT(atomic_load(&board->slots[0].state), GV_SLOT_FREE);
    CHECK_INT((uintptr_t)&board->slots[0] % 64, 0);
    CHECK_INT((uintptr_t)&board->slots[1] % 64, 0);
    gv_scoreboard_unmap(board);
    close(fd);
}

TEST(what_is_no_board_is_not_mapped)
{
    int fd = memfd_create("other", MFD_CLOEXEC);

    REQUIRE(fd >= 0);
    CHECK(gv_scoreboard_map(fd) == NULL);
    CHECK_INT(ftruncate(fd, 4096), 0);
    CHECK(gv_scoreboard_map(fd) == NULL);
    close(fd);
    CHECK(gv_scoreboard_map(-1) == NULL);
}

TEST(a_board_of_another_size_is_not_mapped)
{
    int fd;
    gv_scoreboard *board = gv_scoreboard_create(2, &fd);

    REQUIRE(board != NULL);
    board->slot_count = 1;
    CHECK(gv_scoreboard_map(fd) == NULL);
    board->slot_count = 2;
    gv_scoreboard_unmap(board);
    close(fd);
}

TEST(the_running_request_is_seen_until_it_ends)
{
    gv_slot slot = {0};
    gv_running seen;

    CHECK(!gv_slot_running(&slot, &seen));
    gv_slot_begin(&slot, 42, GV_SLICE_NONE, 1000, gv_guarded_slice("GET"),
                  gv_guarded_slice("/a?b"));
    REQUIRE(gv_slot_running(&slot, &seen));
    CHECK_INT(seen.id, 42);
    CHECK_INT(seen.started_ms, 1000);
    CHECK_SLICE(gv_slice_of(seen.method), "GET");
    CHECK_SLICE(gv_slice_of(seen.path), "/a?b");
    gv_slot_end(&slot);
    CHECK(!gv_slot_running(&slot, &seen));
}

TEST(a_running_request_is_called_by_its_name_or_its_id)
{
    char text[GV_RUNNING_NAME];
    gv_running named, unnamed;

    gv_running_set(&named, 42, GV_SLICE("abc"), 0, GV_SLICE("GET"), GV_SLICE("/"));
    gv_running_set(&unnamed, 42, GV_SLICE_NONE, 0, GV_SLICE("GET"), GV_SLICE("/"));
    CHECK_SLICE(gv_slice_of(gv_running_name(&named, text)), "abc");
    CHECK_SLICE(gv_slice_of(gv_running_name(&unnamed, text)), "000000000000002a");
}

TEST(a_long_path_is_cut_to_fit)
{
    char path[1000];
    gv_slot slot = {0};
    gv_running seen;

    memset(path, 'p', sizeof(path));
    gv_slot_begin(&slot, 1, GV_SLICE_NONE, 0, GV_SLICE("PROPPATCHPROPPATCH"),
                  (gv_slice){gv_guarded(path, sizeof(path)), sizeof(path)});
    REQUIRE(gv_slot_running(&slot, &seen));
    CHECK_INT(strlen(seen.method), GV_SLOT_METHOD - 1);
    CHECK_INT(strlen(seen.path), GV_SLOT_PATH - 1);
}

TEST(a_worker_that_died_while_writing_does_not_hang_the_reader)
{
    gv_slot slot = {0};
    gv_running seen;

    gv_slot_begin(&slot, 5, GV_SLICE_NONE, 0, GV_SLICE("GET"), GV_SLICE("/"));
    atomic_fetch_add(&slot.sequence, 1);
    CHECK(gv_slot_running(&slot, &seen));
    CHECK_INT(seen.id, 5);
}

TEST(an_answer_is_counted_by_router_class_and_time)
{
    gv_slot slot = {0};

    gv_slot_answered(&slot, -1, 404, 10);
    gv_slot_answered(&slot, 0, 200, 20);
    gv_slot_answered(&slot, 1000, 503, 1000000);
    CHECK_INT(gv_counter_get(&slot.requests), 3);
    CHECK_INT(gv_counter_get(&slot.answers[GV_SLOT_NO_ROUTER][4]), 1);
    CHECK_INT(gv_counter_get(&slot.answers[GV_SLOT_FIRST_ROUTER][2]), 1);
    CHECK_INT(gv_counter_get(&slot.answers[GV_SLOT_OTHER_ROUTER][5]), 1);
    CHECK_INT(gv_counter_get(&slot.latencies[gv_latency_bucket(20)]), 1);
    CHECK_INT(gv_counter_get(&slot.latency_us), 1000030);
}

TEST(a_connection_waits_for_one_thing_at_a_time)
{
    gv_slot slot = {0};

    gv_slot_wait_moved(&slot, GV_SLOT_WAITS, GV_SLOT_WAIT_HEADER);
    gv_slot_wait_moved(&slot, GV_SLOT_WAIT_HEADER, GV_SLOT_WAIT_KEEPALIVE);
    CHECK_INT(atomic_load(&slot.waiting[GV_SLOT_WAIT_HEADER]), 0);
    CHECK_INT(atomic_load(&slot.waiting[GV_SLOT_WAIT_KEEPALIVE]), 1);
    gv_slot_wait_moved(&slot, GV_SLOT_WAIT_KEEPALIVE, GV_SLOT_WAITS);
    CHECK_INT(atomic_load(&slot.waiting[GV_SLOT_WAIT_KEEPALIVE]), 0);
}
