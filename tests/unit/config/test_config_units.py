"""Durations and sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava.config import units


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("0", 0),
        ("250ms", 250),
        ("10s", 10_000),
        ("10 s", 10_000),
        ("5m", 300_000),
        ("2h", 7_200_000),
        ("14d", 1_209_600_000),
    ],
)
def test_a_duration_is_held_in_milliseconds(text: str, milliseconds: int) -> None:
    assert units.parse_duration(text) == milliseconds


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 0), ("512B", 512), ("8KiB", 8192), ("1MiB", 1 << 20), ("2GiB", 2 << 30)],
)
def test_a_size_is_held_in_bytes(text: str, size: int) -> None:
    assert units.parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "10", "s", "-1s", "1.5s", "10 bananas", "10S", "1s ", "1s2s", "٣s"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a quantity"):
        units.parse_duration(text)


@pytest.mark.parametrize("text", ["", "8", "8K", "8KB", "8kib", "-1B", "1.5MiB", "1s"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a quantity"):
        units.parse_size(text)


@given(st.integers(min_value=0, max_value=10**15))
def test_a_written_duration_reads_back(milliseconds: int) -> None:
    assert units.parse_duration(units.format_duration(milliseconds)) == milliseconds


@given(st.integers(min_value=0, max_value=2**60))
def test_a_written_size_reads_back(size: int) -> None:
    assert units.parse_size(units.format_size(size)) == size
