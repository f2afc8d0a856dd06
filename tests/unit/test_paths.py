from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from uuid import UUID

import pytest

from guava import paths


class Colour(Enum):
    DARK_RED = "dark red"


class Level(StrEnum):
    HIGH = "high"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", "a b"),
        (10, "10"),
        (1.5, "1.5"),
        (True, "true"),
        (False, "false"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 10, 30, tzinfo=UTC), "2026-11-24T10:30:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.DARK_RED, "dark red"),
        (Level.HIGH, "high"),
    ],
)
def test_an_argument_is_written_as_an_annotation_reads_it(value, text):
    assert paths.as_text(value) == text


@pytest.mark.parametrize("value", [None, b"a"])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(TypeError, match="can not stand in a URL"):
        paths.as_text(value)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a/b", "a%2Fb"),
        ("50%", "50%25"),
        ("a b?c#d&e=f+g", "a%20b%3Fc%23d%26e%3Df%2Bg"),
        ("é'\"<>", "%C3%A9%27%22%3C%3E"),
        ("2026-11-24T10:30", "2026-11-24T10:30"),
        ("...", "..."),
    ],
)
def test_a_segment_is_escaped(text, escaped):
    assert paths.segment(text) == escaped


@pytest.mark.parametrize("text", ["", ".", "..", "a\0b", "\ud800"])
def test_what_can_be_no_segment_is_refused(text):
    with pytest.raises(ValueError, match=r"no segment|surrogates"):
        paths.segment(text)


@pytest.mark.parametrize(
    ("module", "name", "args", "path"),
    [
        ("index", "index", (), "/app/"),
        ("index", "index", ("1",), "/app/index/index/1"),
        ("index", "about", (), "/app/index/about"),
        ("post", "index", (), "/app/post"),
        ("post", "index", ("1",), "/app/post/index/1"),
        ("post", "view", ("1", "a/b"), "/app/post/view/1/a%2Fb"),
    ],
)
def test_an_index_is_left_out_where_nothing_follows(module, name, args, path):
    assert paths.page("/app/", module, name, args) == path


def test_a_resource_alternates_with_its_elements():
    assert paths.element("/api/", ("users",), ()) == "/api/users"
    assert paths.element("/api/", ("users",), ("1",)) == "/api/users/1"
    assert paths.element("/api/", ("users", "notes"), ("1",)) == "/api/users/1/notes"


def test_the_slashes_of_a_file_separate():
    assert paths.file("/static/", ["css/a b.css"]) == "/static/css/a%20b.css"
    for name in ("../a", "/a", "a//b", "", "a/"):
        with pytest.raises(ValueError, match="no segment"):
            paths.file("/static/", [name])
