#include "base/share.h"

#include "harness.h"

#include <unistd.h>

enum { NOW = 100000, WORKERS = 4 };

/* Four workers of one generation that hold so many connections. */
static gv_scoreboard *board_of(const uint32_t held[WORKERS])
{
    int fd;
    gv_scoreboard *board = gv_scoreboard_create(WORKERS + 4, &fd);

    close(fd);
    board->used = WORKERS;
    for (int i = 0; i < WORKERS; i++) {
        board->slots[i].state = GV_SLOT_READY;
        board->slots[i].generation = 1;
        board->slots[i].heartbeat_ms = NOW - 200;
        board->slots[i].connections = held[i];
    }
    return board;
}

static int next_of(gv_scoreboard *board, int own)
{
    return gv_share_next(board, &board->slots[own], NOW);
}

static void begin_request(gv_scoreboard *board, int slot, int64_t since)
{
    gv_slot_begin(&board->slots[slot], 1, GV_SLICE_NONE, since, GV_SLICE("GET"),
                  GV_SLICE("/"));
}

TEST(who_has_no_more_than_the_mean_takes_the_next)
{
    gv_scoreboard *board = board_of((uint32_t[]){100, 100, 100, 100});

    for (int i = 0; i < WORKERS; i++)
        CHECK_INT(next_of(board, i), GV_SHARE_OWN);
    gv_scoreboard_unmap(board);
}

TEST(who_has_more_leaves_it_to_the_one_with_the_fewest)
{
    gv_scoreboard *board = board_of((uint32_t[]){130, 100, 90, 80});

    CHECK_INT(next_of(board, 0), 3);
    CHECK_INT(next_of(board, 1), GV_SHARE_OWN);
    CHECK_INT(next_of(board, 3), GV_SHARE_OWN);
    gv_scoreboard_unmap(board);
}

TEST(a_tenth_more_and_two_is_no_reason)
{
    gv_scoreboard *board = board_of((uint32_t[]){2, 0, 0, 0});

    CHECK_INT(next_of(board, 0), GV_SHARE_OWN);
    board->slots[0].connections = 3;
    CHECK_INT(next_of(board, 0), 1);
    gv_scoreboard_unmap(board);
    board = board_of((uint32_t[]){112, 100, 96, 92});
    CHECK_INT(next_of(board, 0), GV_SHARE_OWN);
    board->slots[0].connections = 113;
    board->slots[3].connections = 91;
    CHECK_INT(next_of(board, 0), 3);
    gv_scoreboard_unmap(board);
}

TEST(nothing_is_left_to_who_can_not_take_it)
{
    gv_scoreboard *board = board_of((uint32_t[]){100, 0, 0, 0});

    board->slots[1].state = GV_SLOT_DRAINING;
    board->slots[2].generation = 2;
    CHECK_INT(next_of(board, 0), 3);
    board->slots[3].heartbeat_ms = NOW - 5000;
    CHECK_INT(next_of(board, 0), GV_SHARE_OWN);
    board->slots[3].heartbeat_ms = NOW;
    begin_request(board, 3, NOW - 100);
    CHECK_INT(next_of(board, 0), GV_SHARE_OWN);
    gv_slot_end(&board->slots[3]);
    begin_request(board, 3, NOW - 1);
    CHECK_INT(next_of(board, 0), 3);
    gv_scoreboard_unmap(board);
}

TEST(slots_that_were_never_used_are_not_looked_at)
{
    gv_scoreboard *board = board_of((uint32_t[]){100, 0, 0, 0});

    board->used = 1;
    CHECK_INT(next_of(board, 0), GV_SHARE_OWN);
    board->used = 1000; /* nor what is not there */
    CHECK_INT(next_of(board, 0), 1);
    gv_scoreboard_unmap(board);
}
