import pytest

from guava.middleware.accept_encoding import choose

BOTH = ("zstd", "gzip")


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("zstd;q=0.5, gzip;q=0.8", "gzip"),
        ("zstd;q=0.8,gzip;q=0.8", "zstd"),
        ("*", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("gzip ; q=0.001", "gzip"),
        ("gzip;Q=1.000", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity, gzip", "gzip"),
        ("malformed item, gzip", "gzip"),
        ("", None),
        ("br", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip;q=0, zstd;q=0.0", None),
        ("*;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0", None),
        ("gzip;q=2", None),
        ("gzip;q=", None),
        ("gzip;q=0.5;x=1", None),
    ],
)
def test_a_client_gets_the_coding_that_it_likes_best(field, chosen):
    assert choose(field, BOTH) == chosen


def test_among_equals_the_server_chooses():
    assert choose("zstd, gzip", ("gzip", "zstd")) == "gzip"
    assert choose("zstd, gzip", ("gzip",)) == "gzip"
