"""What a store keeps of a session, as a blob."""

import pytest

from guava.session.record import Record


def test_a_record_comes_back():
    record = Record(1, 2, 2**40, b'{"a":1}')
    assert Record.unpack(record.pack()) == record


@pytest.mark.parametrize("blob", [b"", b"\x01" * 10, b"\x02" + bytes(24) + b"{}"])
def test_another_blob_is_refused(blob):
    with pytest.raises(ValueError, match=r"too short|unknown format"):
        Record.unpack(blob)
