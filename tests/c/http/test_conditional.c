#include "http/conditional.h"

#include "harness.h"

enum { MODIFIED = 784111777, LATER = MODIFIED + 10 };

#define ETAG   "\"a-b-c\""
#define DATE   "Sun, 06 Nov 1994 08:49:37 GMT"
#define BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define AFTER  "Sun, 06 Nov 1994 08:49:38 GMT"

static const gv_validator current = {.etag = {ETAG, sizeof(ETAG) - 1},
                                     .modified = MODIFIED,
                                     .date = {DATE, sizeof(DATE) - 1}};

/* The request in hand; a test gives it some fields. */
static gv_header headers[4];
static gv_request req;

static void begin(void)
{
    req = (gv_request){.method = GV_GET, .headers = headers};
}

static void add(gv_field field, const char *value)
{
    headers[req.header_count++] =
        (gv_header){.value = gv_guarded_slice(value), .field = field};
}

static int check(void)
{
    return gv_conditions_check(&req, gv_request_fields(&req), &current);
}

/* What a request with this one field is answered by. */
static int status_with(gv_field field, const char *value)
{
    begin();
    add(field, value);
    return check();
}

static bool range_counts_with(const char *if_range, int64_t now)
{
    begin();
    add(GV_FIELD_IF_RANGE, if_range);
    return gv_if_range_holds(&req, gv_request_fields(&req), &current, now);
}

TEST(a_request_without_conditions_goes_on)
{
    begin();
    CHECK_INT(check(), 200);
    add(GV_FIELD_OTHER, ETAG);
    CHECK_INT(check(), 200);
}

TEST(what_is_no_newer_is_not_sent_again)
{
    CHECK_INT(status_with(GV_FIELD_IF_MODIFIED_SINCE, DATE), 304);
    CHECK_INT(status_with(GV_FIELD_IF_MODIFIED_SINCE, AFTER), 304);
    CHECK_INT(status_with(GV_FIELD_IF_MODIFIED_SINCE, BEFORE), 200);
    CHECK_INT(status_with(GV_FIELD_IF_MODIFIED_SINCE, "Sun Nov  6 08:49:37 1994"), 304);
}

TEST(a_date_that_is_none_is_ignored)
{
    CHECK_INT(status_with(GV_FIELD_IF_MODIFIED_SINCE, "tomorrow"), 200);
    CHECK_INT(status_with(GV_FIELD_IF_MODIFIED_SINCE, ""), 200);
    CHECK_INT(status_with(GV_FIELD_IF_UNMODIFIED_SINCE, "tomorrow"), 200);
}

TEST(a_date_that_stands_twice_is_ignored)
{
    begin();
    add(GV_FIELD_IF_MODIFIED_SINCE, DATE);
    add(GV_FIELD_IF_MODIFIED_SINCE, DATE);
    CHECK_INT(check(), 200);
}

TEST(if_none_match_compares_weakly)
{
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, ETAG), 304);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "W/" ETAG), 304);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "\"x\", W/" ETAG), 304);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "*"), 304);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "\"x\""), 200);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, ""), 200);
}

TEST(if_match_compares_strongly)
{
    CHECK_INT(status_with(GV_FIELD_IF_MATCH, ETAG), 200);
    CHECK_INT(status_with(GV_FIELD_IF_MATCH, "\"x\"," ETAG), 200);
    CHECK_INT(status_with(GV_FIELD_IF_MATCH, "*"), 200);
    CHECK_INT(status_with(GV_FIELD_IF_MATCH, "W/" ETAG), 412);
    CHECK_INT(status_with(GV_FIELD_IF_MATCH, "\"x\""), 412);
    CHECK_INT(status_with(GV_FIELD_IF_MATCH, "a-b-c"), 412);
    CHECK_INT(status_with(GV_FIELD_IF_MATCH, ""), 412);
}

TEST(a_list_may_have_odd_white_space_and_empty_elements)
{
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, ",\t, \"x\",,\"y\" \t,  " ETAG), 304);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "\t* "), 304);
}

TEST(a_comma_within_a_tag_separates_nothing)
{
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "\"x," ETAG), 200);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "\"x,y\"," ETAG), 304);
}

TEST(a_list_is_read_up_to_where_it_is_malformed)
{
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, ETAG ", x"), 304);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "x, " ETAG), 200);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "w/" ETAG), 200);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "\""), 200);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "W/"), 200);
    CHECK_INT(status_with(GV_FIELD_IF_NONE_MATCH, "\"a-b-c"), 200);
}

TEST(a_list_may_go_on_in_another_line)
{
    begin();
    add(GV_FIELD_IF_NONE_MATCH, "\"x\"");
    add(GV_FIELD_IF_NONE_MATCH, ETAG);
    CHECK_INT(check(), 304);
}

TEST(what_was_modified_since_is_refused)
{
    CHECK_INT(status_with(GV_FIELD_IF_UNMODIFIED_SINCE, DATE), 200);
    CHECK_INT(status_with(GV_FIELD_IF_UNMODIFIED_SINCE, AFTER), 200);
    CHECK_INT(status_with(GV_FIELD_IF_UNMODIFIED_SINCE, BEFORE), 412);
}

TEST(a_tag_takes_the_place_of_its_date)
{
    begin();
    add(GV_FIELD_IF_MODIFIED_SINCE, DATE);
    add(GV_FIELD_IF_NONE_MATCH, "\"x\"");
    CHECK_INT(check(), 200);
    begin();
    add(GV_FIELD_IF_UNMODIFIED_SINCE, BEFORE);
    add(GV_FIELD_IF_MATCH, ETAG);
    CHECK_INT(check(), 200);
}

TEST(what_is_refused_is_not_looked_at_further)
{
    begin();
    add(GV_FIELD_IF_NONE_MATCH, ETAG);
    add(GV_FIELD_IF_MATCH, "\"x\"");
    CHECK_INT(check(), 412);
    begin();
    add(GV_FIELD_IF_NONE_MATCH, ETAG);
    add(GV_FIELD_IF_MATCH, ETAG);
    CHECK_INT(check(), 304);
}

TEST(if_range_names_what_is_current_strongly)
{
    CHECK(range_counts_with(ETAG, LATER));
    CHECK(!range_counts_with("W/" ETAG, LATER));
    CHECK(!range_counts_with("\"x\"", LATER));
    CHECK(!range_counts_with("*", LATER));
    CHECK(!range_counts_with(ETAG ", " ETAG, LATER));
    CHECK(!range_counts_with("", LATER));
}

TEST(if_range_takes_the_very_date_once_its_second_is_over)
{
    CHECK(range_counts_with(DATE, LATER));
    CHECK(range_counts_with(DATE, MODIFIED + 1));
    CHECK(!range_counts_with(DATE, MODIFIED));
    CHECK(!range_counts_with(BEFORE, LATER));
    CHECK(!range_counts_with(AFTER, LATER));
}

TEST(without_if_range_a_range_counts)
{
    begin();
    CHECK(gv_if_range_holds(&req, gv_request_fields(&req), &current, LATER));
}

TEST(if_range_that_stands_twice_holds_for_nothing)
{
    begin();
    add(GV_FIELD_IF_RANGE, ETAG);
    add(GV_FIELD_IF_RANGE, ETAG);
    CHECK(!gv_if_range_holds(&req, gv_request_fields(&req), &current, LATER));
}

/* What a request with this one field is answered by, where `known` is current. */
static int status_for(const gv_validator *known, gv_field field, const char *value)
{
    begin();
    add(field, value);
    return gv_conditions_check(&req, gv_request_fields(&req), known);
}

TEST(a_weak_tag_is_known_and_matches_nothing)
{
    const gv_validator weak = {.etag = current.etag, .modified = -1, .weak = true};

    CHECK_INT(status_for(&weak, GV_FIELD_IF_NONE_MATCH, ETAG), 304);
    CHECK_INT(status_for(&weak, GV_FIELD_IF_NONE_MATCH, "W/" ETAG), 304);
    CHECK_INT(status_for(&weak, GV_FIELD_IF_MATCH, "W/" ETAG), 412);
    CHECK_INT(status_for(&weak, GV_FIELD_IF_MATCH, ETAG), 412);
    CHECK_INT(status_for(&weak, GV_FIELD_IF_MATCH, "*"), 200);
}

TEST(what_has_no_date_is_asked_by_its_tag_alone)
{
    const gv_validator undated = {.etag = current.etag, .modified = -1};

    CHECK_INT(status_for(&undated, GV_FIELD_IF_MODIFIED_SINCE, AFTER), 200);
    CHECK_INT(status_for(&undated, GV_FIELD_IF_UNMODIFIED_SINCE, BEFORE), 200);
    CHECK_INT(status_for(&undated, GV_FIELD_IF_NONE_MATCH, ETAG), 304);
}

TEST(what_has_no_tag_is_asked_by_its_date_alone)
{
    const gv_validator untagged = {.modified = MODIFIED, .date = current.date};

    CHECK_INT(status_for(&untagged, GV_FIELD_IF_NONE_MATCH, ETAG), 200);
    CHECK_INT(status_for(&untagged, GV_FIELD_IF_MATCH, ETAG), 412);
    CHECK_INT(status_for(&untagged, GV_FIELD_IF_MODIFIED_SINCE, DATE), 304);
    CHECK_INT(status_for(&untagged, GV_FIELD_IF_UNMODIFIED_SINCE, BEFORE), 412);
}
