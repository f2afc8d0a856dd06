#include "route/choice.h"

#include "harness.h"

enum {
    ALL = GV_METHOD_BIT(GV_METHOD_COUNT) - 1,
    GET = GV_METHOD_BIT(GV_GET),
    HEAD = GV_METHOD_BIT(GV_HEAD),
    POST = GV_METHOD_BIT(GV_POST),
    PUT = GV_METHOD_BIT(GV_PUT),
    OPTIONS = GV_METHOD_BIT(GV_OPTIONS)
};

static gv_choice *with(gv_choice *first, gv_method_set methods, const char *target)
{
    return gv_choice_add(first, (gv_action){0, 0, (void *)target, methods});
}

/* The target for `method`; "" where there is none, and *allow what there is. */
static gv_slice target_of(const gv_choice *choice, gv_method method,
                          gv_method_set *allow)
{
    gv_match match = {.allow = 0};
    int outcome = gv_choice_match(choice, method, &match);

    CHECK(outcome == GV_OK || outcome == GV_BAD_METHOD);
    *allow = match.allow;
    return outcome == GV_OK ? gv_slice_of(match.action->target) : GV_SLICE("");
}

TEST(the_method_decides_between_actions)
{
    gv_choice *choice = with(with(NULL, GET, "read"), POST, "write");
    gv_method_set allow;

    CHECK_SLICE(target_of(choice, GV_GET, &allow), "read");
    CHECK_SLICE(target_of(choice, GV_HEAD, &allow), "read");
    CHECK_SLICE(target_of(choice, GV_POST, &allow), "write");
    CHECK_SLICE(target_of(choice, GV_PUT, &allow), "");
    CHECK_INT(allow, GET | HEAD | POST | OPTIONS);
    CHECK_SLICE(target_of(choice, GV_OPTIONS, &allow), "");
    gv_choice_free(choice);
}

TEST(an_action_without_methods_answers_all)
{
    gv_choice *choice = with(NULL, 0, "any");
    gv_method_set allow;

    for (gv_method method = 0; method < GV_METHOD_COUNT; method++)
        CHECK_SLICE(target_of(choice, method, &allow), "any");
    CHECK_INT(choice->action.methods, ALL);
    gv_choice_free(choice);
}

TEST(a_later_action_takes_its_methods_from_those_before)
{
    gv_choice *choice = with(with(NULL, 0, "any"), PUT, "put");
    gv_method_set allow;

    CHECK_SLICE(target_of(choice, GV_PUT, &allow), "put");
    CHECK_SLICE(target_of(choice, GV_POST, &allow), "any");
    choice = with(with(choice, GET | POST, "form"), 0, "all");
    CHECK(choice->next == NULL);
    CHECK_SLICE(target_of(choice, GV_PUT, &allow), "all");
    gv_choice_free(choice);
}

TEST(an_action_that_takes_other_arguments_is_not_there)
{
    gv_choice *choice = gv_choice_add(NULL, (gv_action){1, 2, "one", PUT});
    gv_match match = {.arg_count = 0};

    choice = with(choice, POST, "none");
    CHECK_INT(gv_choice_match(choice, GV_PUT, &match), GV_BAD_METHOD);
    CHECK_INT(match.allow, POST | OPTIONS);
    match.arg_count = 2;
    REQUIRE(gv_choice_match(choice, GV_PUT, &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.action->target), "one");
    match.arg_count = 3;
    CHECK_INT(gv_choice_match(choice, GV_PUT, &match), GV_DECLINED);
    CHECK_INT(gv_choice_match(NULL, GV_GET, &match), GV_DECLINED);
    gv_choice_free(choice);
}
