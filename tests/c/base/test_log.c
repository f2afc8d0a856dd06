#include "base/log.h"

#include "harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static char text[8192];

/* The log goes to a memory file until end_log(). */
static void begin_log(void)
{
    int fd = memfd_create("log", MFD_CLOEXEC);

    REQUIRE(fd >= 0);
    gv_log_set_fd(fd);
}

/* What was logged since begin_log(), in `text`. */
static void end_log(void)
{
    ssize_t len = pread(gv_log_fd(), text, sizeof(text) - 1, 0);

    close(gv_log_fd());
    gv_log_set_fd(STDERR_FILENO);
    REQUIRE(len >= 0);
    text[len] = '\0';
}

TEST(a_line_has_time_level_name_and_process)
{
    char expected[64];
    int date[7];

    begin_log();
    gv_log_set_name("worker 2");
    gv_log(GV_INFO, "generation %d serves", 1);
    end_log();
    snprintf(expected, sizeof(expected), " [info] worker 2 %d: generation 1 serves\n",
             (int)getpid());
    CHECK_SLICE(gv_slice_of(text + 23), expected);
    CHECK_INT(sscanf(text, "%4d-%2d-%2d %2d:%2d:%2d.%3d ", &date[0], &date[1], &date[2],
                     &date[3], &date[4], &date[5], &date[6]),
              7);
}

TEST(a_process_of_a_generation_names_that_too)
{
    begin_log();
    gv_log_set_name("worker 2");
    gv_log_set_generation(3);
    gv_log(GV_INFO, "x");
    gv_log_set_generation(0);
    end_log();
    CHECK(strstr(text, " [info] worker 2 (generation 3) ") != NULL);
}

TEST(fields_are_for_json)
{
    static const gv_log_field fields[] = {{"cause", "SIG\"SEGV\"", 0},
                                          {"elapsed_ms", NULL, -5}};

    begin_log();
    gv_log_fields(GV_INFO, fields, 2, "%s", "plain");
    gv_log_set_json(true);
    gv_log_set_generation(3);
    gv_log_fields(GV_ERROR, fields, 2, "one\ntwo: \"%s\"\n", "\x1b[2J");
    gv_log_set_generation(0);
    gv_log(GV_INFO, "last");
    gv_log_set_json(false);
    end_log();
    CHECK(strstr(text, "plain\n{\"time\":\"2") != NULL);
    CHECK(strstr(text, "Z\",\"level\":\"error\",\"process\":\"worker 2\",\"pid\":") !=
          NULL);
    CHECK(strstr(text,
                 ",\"generation\":3,\"message\":\"one\\ntwo: \\\"\\u001b[2J\\\"\","
                 "\"cause\":\"SIG\\\"SEGV\\\"\",\"elapsed_ms\":-5}\n") != NULL);
    CHECK(strstr(text, ",\"generation\":null,\"message\":\"last\"}\n") != NULL);
}

TEST(a_line_of_json_names_the_request_of_its_thread)
{
    gv_slot slot = {0};

    begin_log();
    gv_log_set_json(true);
    gv_log_set_slot(&slot);
    gv_log(GV_INFO, "idle");
    gv_slot_begin(&slot, 0x42, GV_SLICE_NONE, 1000, GV_SLICE("GET"), GV_SLICE("/a"));
    gv_log(GV_INFO, "busy");
    gv_log_set_slot(NULL);
    gv_log_set_json(false);
    end_log();
    CHECK(strstr(text, "\"idle\"}\n") != NULL);
    CHECK(strstr(text,
                 "\"busy\",\"request_id\":\"0000000000000042\",\"method\":\"GET\","
                 "\"path\":\"/a\"}\n") != NULL);
}

TEST(a_message_can_not_forge_a_line)
{
    begin_log();
    gv_log(GV_ERROR, "bad path: %s", "/a\r\n2026-01-01 [info]\x1b[2J\n");
    end_log();
    CHECK(strstr(text, ": bad path: /a\\x0d\n\t2026-01-01 [info]\\x1b[2J\n") != NULL);
}

TEST(what_is_below_the_level_is_left_out)
{
    begin_log();
    gv_log(GV_DEBUG, "left out");
    gv_log_set_level(GV_DEBUG);
    gv_log(GV_DEBUG, "kept");
    gv_log_set_level(GV_INFO);
    end_log();
    CHECK(strstr(text, "left out") == NULL);
    CHECK(strstr(text, "[debug]") != NULL);
}

TEST(a_long_name_is_cut)
{
    char name[100];

    memset(name, 'n', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    begin_log();
    gv_log_set_name(name);
    gv_log(GV_WARNING, "x");
    end_log();
    CHECK_INT(strspn(text + strlen("2026-01-01 00:00:00.000 [warning] "), "n"), 63);
}

TEST(levels_are_named)
{
    CHECK_INT(gv_level_parse("debug"), GV_DEBUG);
    CHECK_INT(gv_level_parse("info"), GV_INFO);
    CHECK_INT(gv_level_parse("warning"), GV_WARNING);
    CHECK_INT(gv_level_parse("error"), GV_ERROR);
    CHECK_INT(gv_level_parse("Error"), -1);
    CHECK_INT(gv_level_parse(""), -1);
}
