import os
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava import bodies
from guava.errors import PayloadTooLarge


def on_disk(content):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return bodies.Disk(os.dup(file.fileno()))


@given(st.data())
def test_a_body_is_searched_alike_in_memory_and_on_disk(data):
    content = data.draw(st.text("ab").map(str.encode))
    needle = data.draw(st.text("ab", min_size=1, max_size=4).map(str.encode))
    start = data.draw(st.integers(0, len(content)))
    assert on_disk(content).find(needle, start) == content.find(needle, start)


@pytest.mark.parametrize("at", range(4094, 4100))
def test_what_is_searched_may_lie_where_two_blocks_meet(at):
    assert on_disk(b"x" * at + b"needle" + b"x" * 9000).find(b"needle", 0) == at
    assert on_disk(b"x" * at + b"needl").find(b"needle", 0) == -1


def test_a_large_file_is_searched_to_its_end():
    assert on_disk(b"x" * 2_000_000 + b"needle").find(b"needle", 1) == 2_000_000


@pytest.mark.parametrize("make", [bodies.Memory, on_disk])
def test_a_part_of_a_body_is_a_file(make):
    body = make(b"new moon, full moon")
    assert body.size == 19
    assert (body.read(4, 8), body.read(15, 99), body.read(99, 100)) == (
        b"moon",
        b"moon",
        b"",
    )
    one, other = body.open(4, 8), body.open(4, 8)
    assert one.read() == b"moon"
    assert one.read() == b""
    assert (other.read(2), other.tell()) == (b"mo", 2)
    assert one.seek(-3, os.SEEK_END) == 1
    assert one.read(1) == b"o"
    assert one.seek(1, os.SEEK_CUR) == 3
    assert (one.seek(9), one.read()) == (9, b"")
    assert one.seekable()
    assert one.readable()


def test_a_part_of_a_file_begins_where_it_begins():
    part = on_disk(b"new moon").open(4, 8)
    with pytest.raises(OSError, match="-1"):
        part.seek(-1)
    assert part.read() == b"moon"


def test_a_file_outlives_its_body():
    part = on_disk(b"new moon").open(4, 8)
    assert part.read() == b"moon"


def test_what_is_decoded_has_a_limit(monkeypatch):
    monkeypatch.setattr(bodies, "limits", bodies.limits)
    bodies.set_limits(parts=1, decoded=4)
    assert bodies.read_decodable(bodies.Memory(b"moon"), "a text") == b"moon"
    with pytest.raises(PayloadTooLarge, match="a text may have 4 bytes"):
        bodies.read_decodable(bodies.Memory(b"moons"), "a text")
