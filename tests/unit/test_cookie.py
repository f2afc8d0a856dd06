from datetime import UTC, datetime, timedelta, timezone

import pytest

from guava import cookie


def test_a_cookie_is_hidden_from_scripts_and_other_sites_unless_told_otherwise():
    assert cookie.build("id", "7") == "id=7; Path=/; HttpOnly; SameSite=Lax"


def test_every_attribute_has_its_place():
    built = cookie.build(
        "id",
        "7",
        max_age=60,
        expires=datetime(2026, 11, 24, 6, 5, 4, tzinfo=UTC),
        path="/shop",
        domain="example.org",
        secure=True,
        http_only=False,
        same_site="None",
    )
    assert built == (
        "id=7; Max-Age=60; Expires=Tue, 24 Nov 2026 06:05:04 GMT; "
        "Domain=example.org; Path=/shop; Secure; SameSite=None"
    )


def test_what_is_none_is_left_out():
    bare = cookie.build("id", "7", path=None, http_only=False, same_site=None)
    assert bare == "id=7"


def test_an_age_may_be_a_timedelta():
    assert "Max-Age=86400;" in cookie.build("id", "7", max_age=timedelta(days=1))
    assert "Max-Age=0;" in cookie.build("id", "", max_age=0)


def test_a_date_is_in_utc():
    zone = timezone(timedelta(hours=2))
    moment = datetime(2026, 11, 24, 1, 0, tzinfo=zone)
    assert "Mon, 23 Nov 2026 23:00:00 GMT" in cookie.build("id", "", expires=moment)
    naive = datetime(2026, 11, 24, 1, 0)
    assert "Tue, 24 Nov 2026 01:00:00 GMT" in cookie.build("id", "", expires=naive)


@pytest.mark.parametrize("name", ["", "a b", "a=b", "a;b", "ä", "a\r\nb", "a\n"])
def test_a_name_is_a_token(name):
    with pytest.raises(ValueError, match="name"):
        cookie.build(name, "7")


@pytest.mark.parametrize(
    "value", ["a b", "a;b", "a,b", 'a"b', "a\\b", "ä", "a\r\nX: 1"]
)
def test_a_value_has_no_separators(value):
    with pytest.raises(ValueError, match="value"):
        cookie.build("id", value)


@pytest.mark.parametrize("text", ["a;b", "a\nb", "ä"])
def test_attributes_can_not_carry_others(text):
    with pytest.raises(ValueError, match="path"):
        cookie.build("id", "7", path=text)
    with pytest.raises(ValueError, match="domain"):
        cookie.build("id", "7", domain=text)


def test_every_allowed_character_is_taken():
    octets = "".join(map(chr, range(0x21, 0x7F)))
    allowed = "".join(c for c in octets if c not in '",;\\')
    assert cookie.build("id", allowed).startswith(f"id={allowed}; ")


def test_same_site_none_needs_a_secure_cookie():
    with pytest.raises(ValueError, match="secure"):
        cookie.build("id", "7", same_site="None")


def test_an_unknown_same_site_is_refused():
    with pytest.raises(ValueError, match="Strict, Lax, None"):
        cookie.build("id", "7", same_site="Loose")
