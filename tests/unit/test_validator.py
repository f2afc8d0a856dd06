from datetime import UTC, datetime, timedelta

import pytest

from guava._core import Headers
from guava.errors import PreconditionFailed
from guava.validator import validator

THEN = datetime(1994, 11, 6, 8, 49, 37, 900_000, tzinfo=UTC)
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def known(current, reads=True, **fields):
    asked = {name.replace("_", "-"): value for name, value in fields.items()}
    return current.is_known(Headers(asked), reads)


def test_a_tag_is_quoted_and_a_date_is_cut_to_its_second():
    assert validator("7", THEN).fields() == [("ETag", '"7"'), ("Last-Modified", DATE)]
    assert validator("7", weak=True).fields() == [("ETag", 'W/"7"')]
    assert validator(modified=THEN).fields() == [("Last-Modified", DATE)]


def test_no_date_is_in_the_future_or_before_all_time():
    later = datetime.now(UTC) + timedelta(days=1)
    assert validator(modified=later).modified <= datetime.now(UTC).timestamp()
    assert validator(modified=datetime(1, 1, 1)).modified == 0


@pytest.mark.parametrize("tag", ['"7"', "a b", "\u00e9", "a\r\nX: y", "\0"])
def test_a_tag_that_a_field_can_not_have_is_refused(tag):
    with pytest.raises(ValueError, match="tag"):
        validator(tag)


def test_nothing_is_known_by_nothing():
    with pytest.raises(TypeError, match="known by"):
        validator()


def test_who_has_the_same_need_not_be_sent_it():
    current = validator("7", THEN)
    assert not known(current)
    assert known(current, if_none_match='"6", "7"')
    assert known(current, if_none_match='W/"7"')
    assert not known(current, if_none_match='"6"', if_modified_since=DATE)
    assert known(current, if_modified_since=DATE)


def test_a_weak_tag_is_known_but_changes_nothing():
    current = validator("7", weak=True)
    assert known(current, if_none_match='W/"7"')
    with pytest.raises(PreconditionFailed):
        known(current, reads=False, if_match='W/"7"')


def test_a_change_of_another_state_is_refused():
    current = validator("7", THEN)
    assert not known(current, reads=False, if_match='"7"')
    for fields in (
        {"if_match": '"6"'},
        {"if_none_match": "*"},
        {"if_none_match": '"7"'},
        {"if_unmodified_since": "Sun, 06 Nov 1994 08:49:36 GMT"},
    ):
        with pytest.raises(PreconditionFailed):
            known(current, reads=False, **fields)


def test_a_change_does_not_care_since_when_it_is_modified():
    assert not known(validator("7", THEN), reads=False, if_modified_since=DATE)
