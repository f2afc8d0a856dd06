import pytest

from guava.closing import iterator_of
from guava.events import EventStream
from guava.response import StreamResponse


class Cursor:
    """What has an iterator of its own, and notes which of the two are closed."""

    def __init__(self):
        self.closed = []

    def __iter__(self):
        try:
            yield "a"
            yield "b"
        finally:
            self.closed.append("iterator")

    def close(self):
        self.closed.append("source")


class Failing:
    """An iterator that can not be closed."""

    finished = True

    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    def close(self):
        raise OSError("still busy")


@pytest.mark.parametrize("kind", [StreamResponse, EventStream])
def test_a_stream_closes_its_source_and_the_iterator_of_that(kind):
    cursor = Cursor()
    body = kind(cursor).body
    assert next(body) in ("a", b"data: a\n\n")
    body.close()
    assert cursor.closed == ["iterator", "source"]


def test_a_source_is_closed_whatever_becomes_of_its_iterator():
    class Source(Cursor):
        def __iter__(self):
            return Failing()

    source = Source()
    both = iterator_of(source)
    assert both.finished
    with pytest.raises(OSError, match="still busy"):
        both.close()
    assert source.closed == ["source"]


def test_an_iterator_stays_what_it_is():
    failing, plain = Failing(), iter("ab")
    assert iterator_of(failing) is failing
    assert iterator_of(plain) is plain
    assert list(iterator_of(["a"])) == ["a"]
