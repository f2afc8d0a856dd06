#include "route/router.h"

#include "harness.h"

static int match_in(const gv_router *router, const char *path, gv_match *match)
{
    return gv_router_match(router, gv_guarded_slice(path), GV_GET, match);
}

static void mount(gv_router *router, const char *point)
{
    gv_router_mount_dynamic(router, gv_slice_of(point), (void *)point);
}

static void add_action(gv_mvc *mvc, const char *module, const char *target)
{
    gv_mvc_add(mvc, gv_slice_of(module), GV_SLICE("index"),
               (gv_action){0, 0, (void *)target, 0});
}

/* The collection `name`, which answers GET. */
static void add_resource(gv_rest *rest, const char *name, gv_rest_slot slot)
{
    gv_resource_set(gv_rest_resource(rest, gv_slice_of(name)), slot,
                    (gv_action){0, 0, (void *)name, 0});
}

/* The targets of all mounts that would be asked for `path`, one after another. */
static gv_slice targets_of(const gv_router *router, const char *path)
{
    static char text[128];
    gv_slice guarded = gv_guarded_slice(path);
    gv_match match;
    size_t len = 0;

    for (int outcome = gv_router_match(router, guarded, GV_GET, &match);
         outcome == GV_OK; outcome = gv_router_next(router, guarded, GV_GET, &match)) {
        const char *target = match.action ? match.action->target : match.target;

        if (len > 0)
            text[len++] = ' ';
        memcpy(text + len, target, strlen(target));
        len += strlen(target);
    }
    return (gv_slice){text, len};
}

TEST(a_router_without_mounts_declines)
{
    gv_router *router = gv_router_new();
    gv_match match;

    CHECK_INT(match_in(router, "/", &match), GV_DECLINED);
    CHECK(!match.add_slash);
    CHECK_INT(gv_router_next(router, GV_SLICE("/"), GV_GET, &match), GV_DECLINED);
    gv_router_free(router);
}

TEST(the_longest_mount_point_is_asked_first)
{
    gv_router *router = gv_router_new();

    mount(router, "/");
    mount(router, "/a/b/");
    mount(router, "/a/");
    mount(router, "/c/");
    CHECK_SLICE(targets_of(router, "/a/b/x"), "/a/b/ /a/ /");
    CHECK_SLICE(targets_of(router, "/a/b/"), "/a/b/ /a/ /");
    CHECK_SLICE(targets_of(router, "/a/x"), "/a/ /");
    CHECK_SLICE(targets_of(router, "/c/x"), "/c/ /");
    CHECK_SLICE(targets_of(router, "/x"), "/");
    gv_router_free(router);
}

TEST(equals_are_asked_in_the_order_of_mounting)
{
    gv_router *router = gv_router_new();

    gv_router_mount_dynamic(router, GV_SLICE("/"), "1");
    gv_router_mount_static(router, GV_SLICE("/s/"), "2");
    add_action(gv_router_mount_mvc(router, GV_SLICE("/")), "s", "3");
    gv_router_mount_dynamic(router, GV_SLICE("/s/"), "4");
    gv_router_mount_static(router, GV_SLICE("/"), "5");
    CHECK_SLICE(targets_of(router, "/s/"), "2 4 1 3 5");
    gv_router_free(router);
}

TEST(a_mount_point_ends_with_its_slash)
{
    gv_router *router = gv_router_new();

    mount(router, "/static/");
    CHECK_SLICE(targets_of(router, "/static"), "");
    CHECK_SLICE(targets_of(router, "/staticfile"), "");
    CHECK_SLICE(targets_of(router, "/Static/x"), "");
    CHECK_SLICE(targets_of(router, "/static/x"), "/static/");
    gv_router_free(router);
}

TEST(static_and_dynamic_mounts_take_whatever_lies_below)
{
    gv_router *router = gv_router_new();
    gv_match match;

    gv_router_mount_static(router, GV_SLICE("/static/"), "files");
    mount(router, "/");
    REQUIRE(match_in(router, "/static//css/a.css", &match) == GV_OK);
    CHECK_INT(match.kind, GV_MOUNT_STATIC);
    CHECK_SLICE(gv_slice_of(match.target), "files");
    CHECK_SLICE(match.rest, "/css/a.css");
    CHECK_INT(match.arg_count, 0);
    CHECK(match.action == NULL);
    REQUIRE(match_in(router, "/static/", &match) == GV_OK);
    CHECK_SLICE(match.rest, "");
    REQUIRE(match_in(router, "/", &match) == GV_OK);
    CHECK_INT(match.kind, GV_MOUNT_DYNAMIC);
    CHECK_SLICE(match.rest, "");
    gv_router_free(router);
}

TEST(each_kind_is_asked_behind_its_mount_point)
{
    gv_router *router = gv_router_new();
    gv_match match;

    add_action(gv_router_mount_mvc(router, GV_SLICE("/m/")), "post", "post.index");
    add_resource(gv_router_mount_rest(router, GV_SLICE("/r/")), "users",
                 GV_REST_GET_ALL);
    gv_table_add(gv_router_mount_table(router, GV_SLICE("/t/")), GV_SLICE("/about"),
                 (gv_action){0, 0, "about", 0});
    REQUIRE(match_in(router, "/m/post", &match) == GV_OK);
    CHECK_INT(match.kind, GV_MOUNT_MVC);
    CHECK_SLICE(gv_slice_of(match.action->target), "post.index");
    REQUIRE(match_in(router, "/r/users", &match) == GV_OK);
    CHECK_INT(match.kind, GV_MOUNT_REST);
    CHECK_SLICE(gv_slice_of(match.action->target), "users");
    REQUIRE(match_in(router, "/t/about", &match) == GV_OK);
    CHECK_INT(match.kind, GV_MOUNT_TABLE);
    CHECK_SLICE(gv_slice_of(match.action->target), "about");
    CHECK(match.target == NULL);
    gv_router_free(router);
}

TEST(what_one_declines_the_next_shorter_is_asked_for)
{
    gv_router *router = gv_router_new();

    add_action(gv_router_mount_mvc(router, GV_SLICE("/app/")), "known", "inner");
    gv_router_mount_rest(router, GV_SLICE("/app/"));
    gv_router_mount_table(router, GV_SLICE("/app/"));
    mount(router, "/");
    CHECK_SLICE(targets_of(router, "/app/known"), "inner /");
    CHECK_SLICE(targets_of(router, "/app/unknown"), "/");
    gv_router_free(router);
}

TEST(arguments_of_one_that_declined_are_gone)
{
    gv_router *router = gv_router_new();
    gv_mvc *mvc = gv_router_mount_mvc(router, GV_SLICE("/a/"));
    gv_match match;

    gv_mvc_add(mvc, GV_SLICE("b"), GV_SLICE("c"), (gv_action){0, 0, "never", 0});
    mount(router, "/");
    REQUIRE(match_in(router, "/a/b/c/1/2", &match) == GV_OK);
    CHECK_INT(match.arg_count, 0);
    CHECK(match.action == NULL);
    CHECK_SLICE(match.rest, "a/b/c/1/2");
    gv_router_free(router);
}

TEST(a_mount_point_less_its_slash_goes_to_the_outer_routers_first)
{
    gv_router *router = gv_router_new();
    gv_slice path = GV_SLICE("/files");
    gv_match match;

    gv_router_mount_static(router, GV_SLICE("/files/"), "inner");
    mount(router, "/");
    REQUIRE(gv_router_match(router, path, GV_GET, &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.target), "/");
    CHECK(!match.add_slash);
    CHECK_INT(gv_router_next(router, path, GV_GET, &match), GV_DECLINED);
    CHECK(match.add_slash);
    gv_router_free(router);
}

TEST(a_slash_is_added_only_to_a_mount_point)
{
    gv_router *router = gv_router_new();
    gv_match match;

    mount(router, "/a/b/");
    CHECK_INT(match_in(router, "/a/b", &match), GV_DECLINED);
    CHECK(match.add_slash);
    CHECK_INT(match_in(router, "/a", &match), GV_DECLINED);
    CHECK(!match.add_slash);
    CHECK_INT(match_in(router, "/a/c", &match), GV_DECLINED);
    CHECK(!match.add_slash);
    CHECK_INT(match_in(router, "/a/bb", &match), GV_DECLINED);
    CHECK(!match.add_slash);
    gv_router_free(router);
}

TEST(a_declined_mount_point_with_its_slash_is_not_found)
{
    gv_router *router = gv_router_new();
    gv_match match;

    gv_router_mount_rest(router, GV_SLICE("/api/"));
    CHECK_INT(match_in(router, "/api/", &match), GV_DECLINED);
    CHECK(!match.add_slash);
    gv_router_free(router);
}

TEST(what_is_allowed_is_collected_over_all_that_refused_the_method)
{
    gv_router *router = gv_router_new();
    gv_match match;

    add_resource(gv_router_mount_rest(router, GV_SLICE("/api/")), "users",
                 GV_REST_CREATE_ONE);
    gv_table_add(gv_router_mount_table(router, GV_SLICE("/")), GV_SLICE("/api/users"),
                 (gv_action){0, 0, NULL, GV_METHOD_BIT(GV_PUT)});
    CHECK_INT(match_in(router, "/api/users", &match), GV_BAD_METHOD);
    CHECK_INT(match.allow, GV_METHOD_BIT(GV_POST) | GV_METHOD_BIT(GV_PUT) |
                               GV_METHOD_BIT(GV_OPTIONS));
    gv_router_free(router);
}

TEST(a_refused_method_may_be_taken_by_a_later_mount)
{
    gv_router *router = gv_router_new();
    gv_slice path = GV_SLICE("/api/users");
    gv_match match;

    add_resource(gv_router_mount_rest(router, GV_SLICE("/api/")), "users",
                 GV_REST_CREATE_ONE);
    mount(router, "/");
    REQUIRE(gv_router_match(router, path, GV_GET, &match) == GV_OK);
    CHECK_SLICE(gv_slice_of(match.target), "/");
    CHECK_INT(gv_router_next(router, path, GV_GET, &match), GV_BAD_METHOD);
    CHECK_INT(match.allow, GV_METHOD_BIT(GV_POST) | GV_METHOD_BIT(GV_OPTIONS));
    gv_router_free(router);
}

TEST(mvc_takes_every_method)
{
    gv_router *router = gv_router_new();
    gv_match match;

    add_action(gv_router_mount_mvc(router, GV_SLICE("/")), "index", "index");
    for (gv_method method = 0; method < GV_METHOD_COUNT; method++)
        CHECK_INT(gv_router_match(router, GV_SLICE("/"), method, &match), GV_OK);
    gv_router_free(router);
}

TEST(a_mount_keeps_its_place_while_others_are_added)
{
    gv_router *router = gv_router_new();
    gv_mvc *mvc = gv_router_mount_mvc(router, GV_SLICE("/"));

    for (int i = 0; i < 40; i++)
        mount(router, i % 2 ? "/x/" : "/x/y/");
    add_action(mvc, "post", "post.index");
    CHECK_SLICE(targets_of(router, "/post"), "post.index");
    gv_router_free(router);
}

/* ---- error pages ---- */

static gv_error_pages *pages_with(int status, const char *text)
{
    gv_error_pages *pages = gv_error_pages_new();

    gv_error_pages_add(pages, status, GV_SLICE("text/plain"), gv_slice_of(text));
    return pages;
}

/* The text of the page for an error of `path`, "none" where there is none. */
static gv_slice page_of(const gv_router *router, const char *path,
                        const void *answering, int status)
{
    const gv_own_page *page =
        gv_router_error_page(router, gv_guarded_slice(path), answering, status);

    return page != NULL ? page->text : GV_SLICE("none");
}

TEST(the_longest_mount_point_that_has_a_page_gives_it)
{
    gv_error_pages *site = pages_with(404, "site"), *api = pages_with(404, "api");
    gv_router *router = gv_router_new();

    gv_error_pages_add(site, 500, GV_SLICE("text/plain"), GV_SLICE("broken"));
    mount(router, "/");
    gv_router_set_error_pages(router, site);
    mount(router, "/files/");
    mount(router, "/api/v1/");
    mount(router, "/api/");
    gv_router_set_error_pages(router, api);
    CHECK_SLICE(page_of(router, "/none", NULL, 404), "site");
    CHECK_SLICE(page_of(router, "/api", NULL, 404), "site");
    CHECK_SLICE(page_of(router, "/api/none", NULL, 404), "api");
    CHECK_SLICE(page_of(router, "/api/v1/none", NULL, 404), "api");
    CHECK_SLICE(page_of(router, "/api/none", NULL, 500), "broken");
    CHECK_SLICE(page_of(router, "/files/none", NULL, 404), "site");
    CHECK_SLICE(page_of(router, "/files/none", NULL, 403), "none");
    CHECK_SLICE(page_of(router, "", NULL, 404), "none");
    gv_router_free(router);
    gv_error_pages_free(site);
    gv_error_pages_free(api);
}

TEST(who_answers_comes_before_others)
{
    gv_error_pages *first = pages_with(404, "first"),
                   *second = pages_with(404, "second");
    gv_router *router = gv_router_new();
    gv_match match;

    mount(router, "/");
    gv_router_set_error_pages(router, first);
    mount(router, "/");
    gv_router_set_error_pages(router, second);
    REQUIRE(match_in(router, "/a", &match) == GV_OK);
    CHECK_SLICE(page_of(router, "/a", match.mount, 404), "first");
    REQUIRE(gv_router_next(router, GV_SLICE("/a"), GV_GET, &match) == GV_OK);
    CHECK_SLICE(page_of(router, "/a", match.mount, 404), "second");
    CHECK_INT(gv_router_next(router, GV_SLICE("/a"), GV_GET, &match), GV_DECLINED);
    CHECK(match.mount == NULL);
    gv_router_free(router);
    gv_error_pages_free(first);
    gv_error_pages_free(second);
}

TEST(the_pages_of_all_paths_come_last)
{
    gv_error_pages *site = pages_with(404, "site"), *all = pages_with(404, "all");
    gv_router *router = gv_router_new();

    gv_error_pages_add(all, 400, GV_SLICE("text/plain"), GV_SLICE("bad"));
    gv_router_set_error_pages_of_all(router, all);
    CHECK_SLICE(page_of(router, "/none", NULL, 404), "all");
    mount(router, "/site/");
    gv_router_set_error_pages(router, site);
    CHECK_SLICE(page_of(router, "/site/none", NULL, 404), "site");
    CHECK_SLICE(page_of(router, "/site/none", NULL, 400), "bad");
    CHECK_SLICE(page_of(router, "/none", NULL, 404), "all");
    CHECK_SLICE(page_of(router, "", NULL, 400), "bad");
    CHECK_SLICE(page_of(router, "", NULL, 500), "none");
    gv_router_free(router);
    gv_error_pages_free(site);
    gv_error_pages_free(all);
}
