#include "http/date.h"

#include "harness.h"

#define PARSE(text) gv_date_parse(gv_guarded_slice(text))

static void check_written(int64_t seconds, const char *expected)
{
    char text[GV_DATE_LEN];

    gv_date_write(text, seconds);
    CHECK_SLICE(((gv_slice){text, GV_DATE_LEN}), expected);
    if (seconds >= 0)
        CHECK_INT(gv_date_parse((gv_slice){text, GV_DATE_LEN}), seconds);
}

TEST(dates_are_written_as_rfc_9110_says)
{
    check_written(784111777, "Sun, 06 Nov 1994 08:49:37 GMT");
    check_written(0, "Thu, 01 Jan 1970 00:00:00 GMT");
    check_written(-1, "Wed, 31 Dec 1969 23:59:59 GMT");
    check_written(951782400, "Tue, 29 Feb 2000 00:00:00 GMT");
    check_written(4107542399, "Sun, 28 Feb 2100 23:59:59 GMT");
    check_written(4107542400, "Mon, 01 Mar 2100 00:00:00 GMT");
    check_written(253402300799, "Fri, 31 Dec 9999 23:59:59 GMT");
}

TEST(all_three_forms_are_read)
{
    CHECK_INT(PARSE("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    CHECK_INT(PARSE("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
    CHECK_INT(PARSE("Sun Nov  6 08:49:37 1994"), 784111777);
    CHECK_INT(PARSE("Wed Nov 16 08:49:37 1994"), 784975777);
}

TEST(every_day_of_four_hundred_years_is_read_as_it_is_written)
{
    for (int64_t day = 0; day < 146097; day++) {
        char text[GV_DATE_LEN];

        gv_date_write(text, day * 86400 + 3661);
        if (gv_date_parse((gv_slice){text, GV_DATE_LEN}) != day * 86400 + 3661)
            CHECK_INT(-1, day);
    }
}

TEST(what_is_no_date_is_refused)
{
    CHECK_INT(PARSE(""), -1);
    CHECK_INT(PARSE("yesterday"), -1);
    CHECK_INT(PARSE("Sun, 06 Nov 1994 08:49:37 UTC"), -1);
    CHECK_INT(PARSE("Sun, 06 Now 1994 08:49:37 GMT"), -1);
    CHECK_INT(PARSE("Sun, 00 Nov 1994 08:49:37 GMT"), -1);
    CHECK_INT(PARSE("Sun, 31 Nov 1994 08:49:37 GMT"), -1);
    CHECK_INT(PARSE("Tue, 29 Feb 1994 08:49:37 GMT"), -1);
    CHECK_INT(PARSE("Sun, 06 Nov 1994 24:00:00 GMT"), -1);
    CHECK_INT(PARSE("Sun, 06 Nov 1994 08:60:37 GMT"), -1);
    CHECK_INT(PARSE("Sun, 06 Nov 1994 8:49:37 GMT"), -1);
    CHECK_INT(PARSE("Sun, 06 Nov 1994 08:49:37 GMT "), -1);
    CHECK_INT(PARSE("Sun, 06 Nov 1969 08:49:37 GMT"), -1);
    CHECK_INT(PARSE("Sunday, 06-Nov-1994 08:49:37 GMT"), -1);
    CHECK_INT(PARSE("S, 06-Nov-94 08:49:37 GMT"), -1);
}
