from datetime import UTC, datetime, timedelta, timezone

from guava.date import imf_fixdate, in_utc


def test_a_date_is_in_utc():
    zone = timezone(timedelta(hours=2))
    assert imf_fixdate(datetime(1994, 11, 6, 10, 49, 37, tzinfo=zone)) == (
        "Sun, 06 Nov 1994 08:49:37 GMT"
    )


def test_one_without_a_zone_is_in_utc_already():
    assert imf_fixdate(datetime(1994, 11, 6)) == "Sun, 06 Nov 1994 00:00:00 GMT"
    assert in_utc(datetime(1994, 11, 6)) == datetime(1994, 11, 6, tzinfo=UTC)


def test_a_year_has_four_digits():
    assert imf_fixdate(datetime(1, 1, 1)) == "Mon, 01 Jan 0001 00:00:00 GMT"
