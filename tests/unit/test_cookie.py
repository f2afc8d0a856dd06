from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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


@pytest.mark.parametrize("path", ["", "shop", "/" + "a" * 1024])
def test_a_path_that_browsers_ignore_is_refused(path):
    with pytest.raises(ValueError, match="path"):
        cookie.build("id", "7", path=path)


def test_what_browsers_drop_for_its_size_is_refused():
    assert cookie.build("id", "x" * 4094)
    with pytest.raises(ValueError, match="up to 4096 bytes, and 'id' 4097"):
        cookie.build("id", "x" * 4095)


def test_an_age_that_is_over_deletes():
    assert "Max-Age=0;" in cookie.build("id", "7", max_age=-5)


def test_a_partitioned_cookie_is_secure():
    built = cookie.build("id", "7", secure=True, partitioned=True)
    assert built == "id=7; Path=/; Secure; HttpOnly; SameSite=Lax; Partitioned"
    with pytest.raises(ValueError, match="secure"):
        cookie.build("id", "7", partitioned=True)


@pytest.mark.parametrize("name", ["__Host-id", "__host-id", "__Secure-id"])
def test_a_prefix_needs_a_secure_cookie(name):
    assert cookie.build(name, "7", secure=True).endswith("Lax")
    with pytest.raises(ValueError, match="secure"):
        cookie.build(name, "7")


@pytest.mark.parametrize(
    "options", [{"path": "/shop"}, {"path": None}, {"domain": "example.org"}]
)
def test_a_cookie_of_one_host_has_no_other_scope(options):
    with pytest.raises(ValueError, match="the path / and no domain"):
        cookie.build("__Host-id", "7", secure=True, **options)
    assert cookie.build("__Secure-id", "7", secure=True, **options)


def test_a_deletion_has_the_scope_of_what_it_deletes():
    assert cookie.build_deletion("id", path="/shop", domain="example.org") == (
        "id=; Max-Age=0; Domain=example.org; Path=/shop; HttpOnly; SameSite=Lax"
    )
    assert "; Secure;" in cookie.build_deletion("__Host-id")
    assert cookie.build_deletion("id", partitioned=True).endswith("Partitioned")


def test_the_first_cookie_of_each_name_counts():
    parsed = cookie.parse('a=1; b="two"; a=3;; nonsense ;c = 4; d=')
    assert parsed == {"a": "1", "b": "two", "c": "4", "d": ""}


NAMES = st.from_regex(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,20}", fullmatch=True)
VALUES = st.from_regex(r"[!#-+\--:<-\[\]-~]{0,20}", fullmatch=True)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_what_is_set_comes_back(cookies):
    assume(not any(name.startswith("__") for name in cookies))
    pairs = [cookie.build(*pair).partition(";")[0] for pair in cookies.items()]
    assert cookie.parse("; ".join(pairs)) == cookies


@given(st.text(st.characters(codec="utf-8")))
def test_any_field_has_cookies_or_none(field):
    for name, value in cookie.parse(field).items():
        assert name.strip(" \t") == name
        assert ";" not in name + value
