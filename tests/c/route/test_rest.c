#include "route/rest.h"

#include "harness.h"

enum {
    GET = GV_METHOD_BIT(GV_GET) | GV_METHOD_BIT(GV_HEAD),
    POST = GV_METHOD_BIT(GV_POST),
    PUT = GV_METHOD_BIT(GV_PUT),
    PATCH = GV_METHOD_BIT(GV_PATCH),
    DELETE = GV_METHOD_BIT(GV_DELETE),
    OPTIONS = GV_METHOD_BIT(GV_OPTIONS)
};

static const char *const names[GV_REST_SLOTS] = {
    [GV_REST_GET_ALL] = "get_all",     [GV_REST_CREATE_ONE] = "create_one",
    [GV_REST_GET_ONE] = "get_one",     [GV_REST_UPDATE_ONE] = "update_one",
    [GV_REST_PATCH_ONE] = "patch_one", [GV_REST_DELETE_ONE] = "delete_one",
};

static void set(gv_resource *resource, gv_rest_slot slot, int arg_count)
{
    gv_resource_set(resource, slot,
                    (gv_action){arg_count, arg_count, (void *)names[slot], 0});
}

/* All six, below `depth` elements. */
static void set_all(gv_resource *resource, int depth)
{
    for (gv_rest_slot slot = 0; slot < GV_REST_SLOTS; slot++)
        set(resource, slot, depth + (slot >= GV_REST_GET_ONE));
}

static gv_rest *api(void)
{
    gv_rest *rest = gv_rest_new();
    gv_resource *users = gv_rest_resource(rest, GV_SLICE("users"));
    gv_resource *friends = gv_resource_child(users, GV_SLICE("friends"));

    set_all(users, 0);
    set_all(friends, 1);
    set_all(gv_resource_child(friends, GV_SLICE("notes")), 2);
    set(gv_rest_resource(rest, GV_SLICE("tags")), GV_REST_GET_ALL, 0);
    set(gv_rest_resource(rest, GV_SLICE("keys")), GV_REST_DELETE_ONE, 1);
    set_all(
        gv_resource_child(gv_rest_resource(rest, GV_SLICE("files")), GV_SLICE("parts")),
        1);
    return rest;
}

static int match_in(const gv_rest *rest, gv_method method, const char *path,
                    gv_match *match)
{
    *match = (gv_match){.kind = GV_MOUNT_REST};
    return gv_rest_match(rest, gv_guarded_slice(path), method, match);
}

static int route(gv_method method, const char *path, gv_match *match)
{
    gv_rest *rest = api();
    int outcome = match_in(rest, method, path, match);

    /* What `action` points to goes with the resource. */
    match->target = outcome == GV_OK ? match->action->target : NULL;
    gv_rest_free(rest);
    return outcome;
}

/* The action's name; "" where it is declined. */
static gv_slice action_of(gv_method method, const char *path)
{
    gv_match match;

    return route(method, path, &match) == GV_OK ? gv_slice_of(match.target)
                                                : GV_SLICE("");
}

static gv_method_set allow_of(gv_method method, const char *path)
{
    gv_match match;

    CHECK_INT(route(method, path, &match), GV_BAD_METHOD);
    return match.allow;
}

TEST(a_collection_lists_and_creates)
{
    CHECK_SLICE(action_of(GV_GET, "users"), "get_all");
    CHECK_SLICE(action_of(GV_POST, "users"), "create_one");
}

TEST(an_element_is_read_replaced_patched_and_deleted)
{
    gv_match match;

    CHECK_SLICE(action_of(GV_GET, "users/10"), "get_one");
    CHECK_SLICE(action_of(GV_PUT, "users/10"), "update_one");
    CHECK_SLICE(action_of(GV_PATCH, "users/10"), "patch_one");
    CHECK_SLICE(action_of(GV_DELETE, "users/10"), "delete_one");
    CHECK_INT(route(GV_GET, "users/10", &match), GV_OK);
    CHECK_INT(match.arg_count, 1);
    CHECK_SLICE(match.args[0], "10");
}

TEST(head_is_asked_of_what_answers_get)
{
    CHECK_SLICE(action_of(GV_HEAD, "users"), "get_all");
    CHECK_SLICE(action_of(GV_HEAD, "users/10"), "get_one");
}

TEST(a_child_has_the_elements_on_its_way_as_leading_arguments)
{
    gv_match match;

    REQUIRE(route(GV_GET, "users/10/friends", &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.target), "get_all");
    CHECK_INT(match.arg_count, 1);
    CHECK_SLICE(match.args[0], "10");
    REQUIRE(route(GV_GET, "users/10/friends/3", &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.target), "get_one");
    CHECK_INT(match.arg_count, 2);
    CHECK_SLICE(match.args[0], "10");
    CHECK_SLICE(match.args[1], "3");
    REQUIRE(route(GV_DELETE, "users/10/friends/3/notes/x", &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.target), "delete_one");
    CHECK_INT(match.arg_count, 3);
    CHECK_SLICE(match.args[2], "x");
}

TEST(a_resource_may_be_there_for_its_children_alone)
{
    CHECK_SLICE(action_of(GV_GET, "files"), "");
    CHECK_SLICE(action_of(GV_GET, "files/1"), "");
    CHECK_SLICE(action_of(GV_GET, "files/1/parts"), "get_all");
    CHECK_SLICE(action_of(GV_GET, "files/1/parts/2"), "get_one");
}

TEST(the_same_name_is_the_same_resource)
{
    gv_rest *rest = gv_rest_new();
    gv_resource *users = gv_rest_resource(rest, GV_SLICE("users"));

    CHECK(gv_rest_resource(rest, GV_SLICE("users")) == users);
    CHECK(gv_resource_child(users, GV_SLICE("users")) != users);
    gv_rest_free(rest);
}

TEST(what_is_not_there_is_declined)
{
    CHECK_SLICE(action_of(GV_GET, ""), "");
    CHECK_SLICE(action_of(GV_GET, "nothing"), "");
    CHECK_SLICE(action_of(GV_GET, "Users"), "");
    CHECK_SLICE(action_of(GV_GET, "friends"), "");
    CHECK_SLICE(action_of(GV_GET, "users/10/nothing"), "");
    CHECK_SLICE(action_of(GV_GET, "users/10/users"), "");
    CHECK_SLICE(action_of(GV_GET, "tags/1"), "");
    CHECK_SLICE(action_of(GV_GET, "keys"), "");
}

TEST(one_final_slash_changes_nothing)
{
    CHECK_SLICE(action_of(GV_GET, "users/"), "get_all");
    CHECK_SLICE(action_of(GV_GET, "users/10/"), "get_one");
    CHECK_SLICE(action_of(GV_GET, "users/10/friends/"), "get_all");
}

TEST(an_empty_segment_anywhere_else_is_declined)
{
    CHECK_SLICE(action_of(GV_GET, "/"), "");
    CHECK_SLICE(action_of(GV_GET, "/users"), "");
    CHECK_SLICE(action_of(GV_GET, "users//"), "");
    CHECK_SLICE(action_of(GV_GET, "users//friends"), "");
    CHECK_SLICE(action_of(GV_GET, "users/10//3"), "");
}

TEST(a_method_without_an_action_gets_what_is_allowed)
{
    CHECK_INT(allow_of(GV_PUT, "users"), GET | POST | OPTIONS);
    CHECK_INT(allow_of(GV_POST, "users/10"), GET | PUT | PATCH | DELETE | OPTIONS);
    CHECK_INT(allow_of(GV_POST, "tags"), GET | OPTIONS);
    CHECK_INT(allow_of(GV_GET, "keys/1"), DELETE | OPTIONS);
    CHECK_INT(allow_of(GV_HEAD, "keys/1"), DELETE | OPTIONS);
    CHECK_INT(allow_of(GV_POST, "users/10/friends/3"),
              GET | PUT | PATCH | DELETE | OPTIONS);
}

TEST(options_tells_what_is_allowed)
{
    CHECK_INT(allow_of(GV_OPTIONS, "users"), GET | POST | OPTIONS);
    CHECK_INT(allow_of(GV_OPTIONS, "tags"), GET | OPTIONS);
    CHECK_SLICE(action_of(GV_OPTIONS, "nothing"), "");
}

TEST(an_action_with_another_number_of_arguments_is_not_there)
{
    gv_rest *rest = gv_rest_new();
    gv_resource *users = gv_rest_resource(rest, GV_SLICE("users"));
    gv_match match;

    set(users, GV_REST_GET_ONE, 2);
    CHECK_INT(match_in(rest, GV_GET, "users/10", &match), GV_DECLINED);
    set(users, GV_REST_DELETE_ONE, 1);
    CHECK_INT(match_in(rest, GV_GET, "users/10", &match), GV_BAD_METHOD);
    CHECK_INT(match.allow, DELETE | OPTIONS);
    gv_resource_set(users, GV_REST_GET_ONE, (gv_action){0, -1, NULL, 0});
    CHECK_INT(match_in(rest, GV_GET, "users/10", &match), GV_OK);
    gv_rest_free(rest);
}

TEST(depth_ends_where_arguments_do)
{
    gv_rest *rest = gv_rest_new();
    gv_resource *resource = gv_rest_resource(rest, GV_SLICE("r"));
    gv_match match;

    for (int depth = 1; depth <= GV_ARGS_MAX; depth++) {
        gv_resource_set(resource, GV_REST_GET_ONE, (gv_action){0, -1, NULL, 0});
        resource = gv_resource_child(resource, GV_SLICE("r"));
    }
    gv_resource_set(resource, GV_REST_GET_ONE, (gv_action){0, -1, NULL, 0});
    CHECK_INT(match_in(rest, GV_GET,
                       "r/1/r/1/r/1/r/1/r/1/r/1/r/1/r/1/"
                       "r/1/r/1/r/1/r/1/r/1/r/1/r/1/r/16",
                       &match),
              GV_OK);
    CHECK_INT(match.arg_count, GV_ARGS_MAX);
    CHECK_SLICE(match.args[15], "16");
    CHECK_INT(match_in(rest, GV_GET,
                       "r/1/r/1/r/1/r/1/r/1/r/1/r/1/r/1/"
                       "r/1/r/1/r/1/r/1/r/1/r/1/r/1/r/1/r/17",
                       &match),
              GV_DECLINED);
    gv_rest_free(rest);
}
