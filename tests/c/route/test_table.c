#include "route/table.h"

#include "harness.h"

#include <stdio.h>

static int match_in(const gv_table *table, gv_method method, const char *path,
                    gv_match *match)
{
    *match = (gv_match){.kind = GV_MOUNT_TABLE};
    return gv_table_match(table, gv_guarded_slice(path), method, match);
}

static void add(gv_table *table, const char *path, gv_method_set methods,
                const char *target)
{
    gv_table_add(table, gv_slice_of(path), (gv_action){0, 0, (void *)target, methods});
}

TEST(a_route_is_exact)
{
    gv_table *table = gv_table_new();
    gv_match match;

    add(table, "/about", 0, "about");
    REQUIRE(match_in(table, GV_GET, "/about", &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.action->target), "about");
    CHECK_INT(match.arg_count, 0);
    CHECK_INT(match_in(table, GV_GET, "/", &match), GV_DECLINED);
    CHECK_INT(match_in(table, GV_GET, "/abou", &match), GV_DECLINED);
    CHECK_INT(match_in(table, GV_GET, "/about/", &match), GV_DECLINED);
    CHECK_INT(match_in(table, GV_GET, "//about", &match), GV_DECLINED);
    CHECK_INT(match_in(table, GV_GET, "/About", &match), GV_DECLINED);
    gv_table_free(table);
}

TEST(a_route_without_methods_takes_all)
{
    gv_table *table = gv_table_new();
    gv_match match;

    add(table, "/", 0, "root");
    for (gv_method method = 0; method < GV_METHOD_COUNT; method++)
        CHECK_INT(match_in(table, method, "/", &match), GV_OK);
    gv_table_free(table);
}

TEST(a_route_with_methods_takes_those_and_head_with_get)
{
    gv_table *table = gv_table_new();
    gv_match match;

    add(table, "/form", GV_METHOD_BIT(GV_GET) | GV_METHOD_BIT(GV_POST), "form");
    CHECK_INT(match_in(table, GV_GET, "/form", &match), GV_OK);
    CHECK_INT(match_in(table, GV_HEAD, "/form", &match), GV_OK);
    CHECK_INT(match_in(table, GV_POST, "/form", &match), GV_OK);
    CHECK_INT(match_in(table, GV_PUT, "/form", &match), GV_BAD_METHOD);
    CHECK_INT(match.allow, GV_METHOD_BIT(GV_GET) | GV_METHOD_BIT(GV_HEAD) |
                               GV_METHOD_BIT(GV_POST) | GV_METHOD_BIT(GV_OPTIONS));
    CHECK_INT(match_in(table, GV_OPTIONS, "/form", &match), GV_BAD_METHOD);
    gv_table_free(table);
}

TEST(a_route_may_answer_options_by_itself)
{
    gv_table *table = gv_table_new();
    gv_match match;

    add(table, "/probe", GV_METHOD_BIT(GV_OPTIONS), "probe");
    CHECK_INT(match_in(table, GV_OPTIONS, "/probe", &match), GV_OK);
    CHECK_INT(match_in(table, GV_HEAD, "/probe", &match), GV_BAD_METHOD);
    CHECK_INT(match.allow, GV_METHOD_BIT(GV_OPTIONS));
    gv_table_free(table);
}

TEST(an_action_that_needs_arguments_from_the_path_is_declined)
{
    gv_table *table = gv_table_new();
    gv_match match;

    gv_table_add(table, GV_SLICE("/view"), (gv_action){1, 1, NULL, 0});
    CHECK_INT(match_in(table, GV_GET, "/view", &match), GV_DECLINED);
    gv_table_free(table);
}

TEST(a_route_added_again_takes_the_place_of_the_first)
{
    gv_table *table = gv_table_new();
    gv_match match;

    add(table, "/a", GV_METHOD_BIT(GV_GET), "first");
    add(table, "/a", 0, "second");
    REQUIRE(match_in(table, GV_POST, "/a", &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.action->target), "second");
    gv_table_free(table);
}

TEST(each_of_ten_thousand_routes_is_found)
{
    enum { ROUTES = 10000 };
    gv_table *table = gv_table_new();
    gv_match match = {.kind = GV_MOUNT_TABLE};
    char path[32];

    for (size_t i = 0; i < ROUTES; i++) {
        snprintf(path, sizeof(path), "/page/%zu", i);
        gv_table_add(table, gv_slice_of(path), (gv_action){0, 0, (void *)(i + 1), 0});
    }
    for (size_t i = 0; i < ROUTES; i++) {
        snprintf(path, sizeof(path), "/page/%zu", i);
        REQUIRE(gv_table_match(table, gv_slice_of(path), GV_GET, &match) == GV_OK);
        CHECK(match.action->target == (void *)(i + 1));
    }
    CHECK_INT(match_in(table, GV_GET, "/page/10000", &match), GV_DECLINED);
    gv_table_free(table);
}
