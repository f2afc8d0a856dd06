import pytest

from guava.errors import NotAcceptable
from guava.negotiation import best

JSON, HTML = "application/json", "text/html"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/html", HTML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("application/json;q=0.5, text/html;q=0.4", JSON),
        ("application/*;q=0.1, text/html;q=0.1", JSON),
        ("application/json;q=0, */*;q=0.1", HTML),
    ],
)
def test_the_client_decides_and_then_the_order(accept, chosen):
    assert best(accept, (JSON, HTML)) == chosen


def test_who_accepts_none_is_told_what_there_is():
    with pytest.raises(NotAcceptable) as refused:
        best("image/png, text/*;q=0", (JSON, HTML))
    assert refused.value.detail == "There is application/json, text/html."
    assert list(refused.value.headers) == [("Vary", "Accept")]


def test_there_must_be_something_to_choose():
    with pytest.raises(ValueError, match="no media type"):
        best("*/*", ())
