#include "route/mvc.h"

#include "harness.h"

/* "module.name", which the tests know it by, is its target. */
static void add(gv_mvc *mvc, const char *module, const char *name, int min_args,
                int max_args, const char *target)
{
    gv_mvc_add(mvc, gv_slice_of(module), gv_slice_of(name),
               (gv_action){min_args, max_args, (void *)target, 0});
}

static gv_mvc *blog(void)
{
    gv_mvc *mvc = gv_mvc_new();

    add(mvc, "index", "index", 0, 0, "index.index");
    add(mvc, "index", "about", 0, 0, "index.about");
    add(mvc, "post", "index", 0, 1, "post.index");
    add(mvc, "post", "new", 0, 0, "post.new");
    add(mvc, "post", "view", 1, 1, "post.view");
    add(mvc, "post", "move", 2, 2, "post.move");
    add(mvc, "post", "edit", 1, 2, "post.edit");
    add(mvc, "post", "all", 0, -1, "post.all");
    return mvc;
}

/* The target of what `rest` leads to; "" where it is declined. */
static gv_slice route(const char *rest, gv_match *match)
{
    gv_mvc *mvc = blog();
    int outcome;

    *match = (gv_match){.kind = GV_MOUNT_MVC};
    outcome = gv_mvc_match(mvc, gv_guarded_slice(rest), GV_GET, match);
    gv_slice target =
        outcome == GV_OK ? gv_slice_of(match->action->target) : GV_SLICE("");
    CHECK(outcome == GV_OK || outcome == GV_DECLINED);
    gv_mvc_free(mvc);
    return target;
}

static gv_slice target_of(const char *rest)
{
    gv_match match;

    return route(rest, &match);
}

TEST(the_mount_point_is_the_index_of_the_index)
{
    gv_match match;

    CHECK_SLICE(route("", &match), "index.index");
    CHECK_INT(match.arg_count, 0);
}

TEST(a_module_alone_is_its_index)
{
    gv_match match;

    CHECK_SLICE(route("post", &match), "post.index");
    CHECK_INT(match.arg_count, 0);
}

TEST(a_module_and_an_action)
{
    gv_match match;

    CHECK_SLICE(route("post/new", &match), "post.new");
    CHECK_INT(match.arg_count, 0);
}

TEST(what_follows_the_action_are_its_arguments)
{
    gv_match match;

    CHECK_SLICE(route("post/view/10", &match), "post.view");
    CHECK_INT(match.arg_count, 1);
    CHECK_SLICE(match.args[0], "10");
    CHECK_SLICE(route("post/move/10/20", &match), "post.move");
    CHECK_INT(match.arg_count, 2);
    CHECK_SLICE(match.args[0], "10");
    CHECK_SLICE(match.args[1], "20");
    CHECK_SLICE(route("post/edit/10", &match), "post.edit");
}

TEST(an_index_may_be_spelt_out)
{
    CHECK_SLICE(target_of("index"), "index.index");
    CHECK_SLICE(target_of("index/index"), "index.index");
    CHECK_SLICE(target_of("index/about"), "index.about");
    CHECK_SLICE(target_of("post/index"), "post.index");
    CHECK_SLICE(target_of("post/index/2"), "post.index");
}

TEST(an_argument_never_stands_where_an_action_is_asked_for)
{
    CHECK_SLICE(target_of("post/2"), "");
    CHECK_SLICE(target_of("about"), "");
}

TEST(unknown_names_are_declined)
{
    CHECK_SLICE(target_of("nothing"), "");
    CHECK_SLICE(target_of("post/nothing"), "");
    CHECK_SLICE(target_of("nothing/view/10"), "");
    CHECK_SLICE(target_of("Post/view/10"), "");
    CHECK_SLICE(target_of("pos"), "");
    CHECK_SLICE(target_of("posts"), "");
}

TEST(a_wrong_number_of_arguments_is_declined)
{
    CHECK_SLICE(target_of("post/new/1"), "");
    CHECK_SLICE(target_of("post/view"), "");
    CHECK_SLICE(target_of("post/view/1/2"), "");
    CHECK_SLICE(target_of("post/move/1"), "");
    CHECK_SLICE(target_of("post/edit/1"), "post.edit");
    CHECK_SLICE(target_of("post/edit/1/2"), "post.edit");
    CHECK_SLICE(target_of("post/edit/1/2/3"), "");
}

TEST(one_final_slash_changes_nothing)
{
    gv_match match;

    CHECK_SLICE(target_of("post/"), "post.index");
    CHECK_SLICE(target_of("post/new/"), "post.new");
    CHECK_SLICE(route("post/view/10/", &match), "post.view");
    CHECK_INT(match.arg_count, 1);
}

TEST(an_empty_segment_anywhere_else_is_declined)
{
    CHECK_SLICE(target_of("/"), "");
    CHECK_SLICE(target_of("/post"), "");
    CHECK_SLICE(target_of("post//"), "");
    CHECK_SLICE(target_of("post//view"), "");
    CHECK_SLICE(target_of("post/all//"), "");
    CHECK_SLICE(target_of("post/all//1"), "");
    CHECK_SLICE(target_of("post/all/1//"), "");
}

TEST(an_action_may_take_any_number_up_to_the_limit)
{
    gv_match match;

    CHECK_SLICE(route("post/all", &match), "post.all");
    CHECK_INT(match.arg_count, 0);
    CHECK_SLICE(route("post/all/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", &match),
                "post.all");
    CHECK_INT(match.arg_count, GV_ARGS_MAX);
    CHECK_SLICE(match.args[15], "16");
    CHECK_SLICE(target_of("post/all/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"), "");
}

TEST(an_encoded_slash_separates_nothing)
{
    gv_mvc *mvc = blog();
    gv_match match = {.kind = GV_MOUNT_MVC};
    gv_slice name = {gv_guarded("post\0view", 9), 9};
    gv_slice arg = {gv_guarded("post/view/a\0b", 13), 13};

    CHECK_INT(gv_mvc_match(mvc, name, GV_GET, &match), GV_DECLINED);
    REQUIRE(gv_mvc_match(mvc, arg, GV_GET, &match) == GV_OK);
    CHECK_INT(match.arg_count, 1);
    CHECK(gv_slice_equal(match.args[0], (gv_slice){"a\0b", 3}));
    gv_mvc_free(mvc);
}

TEST(an_action_added_again_takes_the_place_of_the_first)
{
    gv_mvc *mvc = blog();
    gv_match match = {.kind = GV_MOUNT_MVC};

    add(mvc, "post", "index", 0, 0, "another");
    REQUIRE(gv_mvc_match(mvc, GV_SLICE("post"), GV_GET, &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.action->target), "another");
    REQUIRE(gv_mvc_match(mvc, GV_SLICE("post/index"), GV_GET, &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.action->target), "another");
    gv_mvc_free(mvc);
}

TEST(actions_may_share_a_name_by_method)
{
    gv_mvc *mvc = gv_mvc_new();
    gv_match match = {.kind = GV_MOUNT_MVC};

    gv_mvc_add(mvc, GV_SLICE("post"), GV_SLICE("edit"),
               (gv_action){1, 1, "form", GV_METHOD_BIT(GV_GET)});
    gv_mvc_add(mvc, GV_SLICE("post"), GV_SLICE("edit"),
               (gv_action){1, 1, "save", GV_METHOD_BIT(GV_POST)});
    REQUIRE(gv_mvc_match(mvc, GV_SLICE("post/edit/1"), GV_HEAD, &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.action->target), "form");
    match = (gv_match){.kind = GV_MOUNT_MVC};
    REQUIRE(gv_mvc_match(mvc, GV_SLICE("post/edit/1"), GV_POST, &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.action->target), "save");
    match = (gv_match){.kind = GV_MOUNT_MVC};
    CHECK_INT(gv_mvc_match(mvc, GV_SLICE("post/edit/1"), GV_PUT, &match),
              GV_BAD_METHOD);
    CHECK_INT(match.allow, GV_METHOD_BIT(GV_GET) | GV_METHOD_BIT(GV_HEAD) |
                               GV_METHOD_BIT(GV_POST) | GV_METHOD_BIT(GV_OPTIONS));
    match = (gv_match){.kind = GV_MOUNT_MVC};
    CHECK_INT(gv_mvc_match(mvc, GV_SLICE("post/edit"), GV_PUT, &match), GV_DECLINED);
    gv_mvc_free(mvc);
}

TEST(an_index_may_share_its_name_too)
{
    gv_mvc *mvc = gv_mvc_new();
    gv_match match = {.kind = GV_MOUNT_MVC};

    gv_mvc_add(mvc, GV_SLICE("index"), GV_SLICE("index"),
               (gv_action){0, 0, "read", GV_METHOD_BIT(GV_GET)});
    gv_mvc_add(mvc, GV_SLICE("index"), GV_SLICE("index"),
               (gv_action){0, 0, "write", GV_METHOD_BIT(GV_POST)});
    for (const char **path = (const char *[]){"", "index", "index/index", NULL}; *path;
         path++) {
        REQUIRE(gv_mvc_match(mvc, gv_slice_of(*path), GV_POST, &match) == GV_OK);
        CHECK_SLICE(gv_slice_of(match.action->target), "write");
        REQUIRE(gv_mvc_match(mvc, gv_slice_of(*path), GV_GET, &match) == GV_OK);
        CHECK_SLICE(gv_slice_of(match.action->target), "read");
    }
    gv_mvc_free(mvc);
}
