import io

import multipart as reference
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guava import multipart
from guava.bodies import Memory
from guava.errors import BadRequest, PayloadTooLarge

TYPE = "multipart/form-data; boundary=b"
DISPOSITION = "Content-Disposition: form-data; name=a"


def split(data, content_type=TYPE):
    body = Memory(data)
    return [
        (part.name, part.filename, body.read(part.start, part.end))
        for part in multipart.split(content_type, body, 1000)
    ]


def as_the_reference_reads(data):
    parser = reference.MultipartParser(io.BytesIO(data), "b")
    return [(part.name, part.filename, part.raw) for part in parser]


def without_folders(parts):
    """The reference takes off some folders of Windows, guava's Upload all of them."""
    return [
        (name, filename and filename.rpartition("\\")[2], value)
        for name, filename, value in parts
    ]


def form(head, value=b"1"):
    return b"--b\r\n" + head.encode() + b"\r\n\r\n" + value + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("parameters", "name", "filename"),
    [
        ("name=a", "a", None),
        ('name="a b"', "a b", None),
        ("name=\"\u263e\"; filename='moon'", "\u263e", "'moon'"),
        ('name="a"; filename=""', "a", ""),
        ('name="a%22%0D%0A%41"', 'a"\r\n%41', None),  # browsers
        (r'name="a\"b\\c"', r'a"b\c', None),  # curl
        (r'name="a"; filename="C:\temp\new.txt"', "a", r"C:\temp\new.txt"),
        ("name=a;filename=b", "a", "b"),
        ('filename="b" ; NAME = "a" ;', "a", "b"),
        ("name=a; filename=plain; filename*=UTF-8''%E2%98%BE", "a", "\u263e"),
        ("name=a; filename*=iso-8859-1'en'caf%e9", "a", "caf\u00e9"),
        ("name=a; filename*=utf-8''..%2F..%2Fpasswd", "a", "../../passwd"),
    ],
)
def test_names_are_read_as_clients_write_them(parameters, name, filename):
    read = split(form(f"Content-Disposition: form-data; {parameters}"))
    assert read == [(name, filename, b"1")]


@pytest.mark.parametrize(
    "content_type",
    [
        'multipart/form-data; boundary="b"',
        "Multipart/Form-Data;charset=utf-8;BOUNDARY=b",
        r'multipart/form-data; boundary="\b"',
    ],
)
def test_the_boundary_may_be_quoted(content_type):
    assert split(form(DISPOSITION), content_type) == [("a", None, b"1")]


@pytest.mark.parametrize(
    "value", [b"", b"\r\n", b"--b", b"\r\n--", b"\r\n-", b"\r", b"\n--b--", b"\r\n--c"]
)
def test_a_value_may_look_like_the_start_of_a_boundary(value):
    assert split(form(DISPOSITION, value)) == [("a", None, value)]


def test_the_type_of_a_part_is_told_without_its_parameters():
    head = f"{DISPOSITION}; filename=c\r\ncontent-type: Text/Plain ; charset=UTF-8"
    [part] = multipart.split(TYPE, Memory(form(head)), 1)
    assert (part.content_type, part.charset) == ("text/plain", "UTF-8")


NAMES = st.text(st.sampled_from('ab %22";\\\u263e'), max_size=6)
PARTS = st.lists(st.tuples(NAMES, st.none() | NAMES, st.binary(max_size=20)))


@given(PARTS)
def test_what_clients_send_is_read_as_the_reference_reads_it(parts):
    data = b""
    for name, filename, value in parts:
        head = f"name={reference.content_disposition_quote(name)}"
        if filename is not None:
            head += f"; filename={reference.content_disposition_quote(filename)}"
        data += f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
        data += value + b"\r\n"
    data += b"--b--\r\n"
    try:
        read = split(data)
    except BadRequest:
        return  # the backslash that a browser does not escape may end no name
    assert without_folders(read) == without_folders(as_the_reference_reads(data))


PIECES = st.sampled_from(
    [
        *(b"--b", b"--b--", b"\r\n", b"\r", b"\n", b"-", b"a", b"\xff", b"\0", b":"),
        *(DISPOSITION.encode(), b"; filename=c", b'; filename="', b"X: y", b"\r\n\r\n"),
        b"\r\n--b\r\n" + DISPOSITION.encode() + b"\r\n\r\n",
        DISPOSITION.encode() + b"\r\n\r\n",
        b"\r\n--b--",
    ]
)


@given(st.lists(PIECES).map(b"".join))
@example(DISPOSITION.encode() + b"\r\n\r\n1\r\n--b--")
def test_what_is_taken_at_all_is_what_the_reference_reads(rest):
    data = b"--b\r\n" + rest
    try:
        read = split(data)
    except (BadRequest, PayloadTooLarge):
        return
    assert read == as_the_reference_reads(data)
