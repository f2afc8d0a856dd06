import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava import forms
from guava.errors import BadRequest, PayloadTooLarge
from guava.request import Request

BOUNDARY = "frontier"
END = f"--{BOUNDARY}--\r\n".encode()
TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def part(head, body):
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + body + b"\r\n"


def field(name, value):
    return part(f'Content-Disposition: form-data; name="{name}"', value)


def file(name, filename, body, kind="text/plain"):
    head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"'
    return part(f"{head}\r\nContent-Type: {kind}", body)


def parse(*parts, content_type=TYPE, end=END):
    return forms.parse(content_type, io.BytesIO(b"".join(parts) + end))


def test_urlencoded_fields_are_decoded():
    body = io.BytesIO(b"title=Full+moon&text=a%26b&empty=&title=New+moon")
    fields, files = forms.parse("Application/X-WWW-Form-Urlencoded; charset=x", body)
    assert fields == {"title": "New moon", "text": "a&b", "empty": ""}
    assert files == {}


def test_multipart_has_fields_and_files():
    fields, files = parse(
        field("title", "Größe".encode()),
        file("photo", "moon.png", b"\x89PNG\r\n", "image/png"),
    )
    assert fields == {"title": "Größe"}
    photo = files["photo"]
    assert (photo.filename, photo.content_type, photo.size) == (
        "moon.png",
        "image/png",
        6,
    )
    assert photo.file.read() == b"\x89PNG\r\n"


def test_the_last_of_each_name_counts():
    fields, files = parse(
        field("a", b"1"), field("a", b"2"), file("f", "1", b""), file("f", "2", b"")
    )
    assert fields == {"a": "2"}
    assert files["f"].filename == "2"


def test_an_input_left_empty_is_no_file():
    assert parse(file("photo", "", b"")) == ({}, {})


@pytest.mark.parametrize(
    "sent", ["/etc/passwd", "C:\\temp\\passwd", "../../passwd", "passwd"]
)
def test_a_file_name_is_only_its_last_segment(sent):
    assert forms.Upload(sent, "text/plain", 0, io.BytesIO()).filename == "passwd"


def test_an_upload_can_be_saved_more_than_once(tmp_path):
    _, files = parse(file("notes", "notes.txt", b"clear sky"))
    files["notes"].save(tmp_path / "one")
    files["notes"].save(str(tmp_path / "two"))
    assert (tmp_path / "one").read_bytes() == b"clear sky"
    assert (tmp_path / "two").read_bytes() == b"clear sky"


def test_a_large_file_is_not_held_in_memory():
    _, files = parse(file("big", "big.bin", b"x" * 1_000_000))
    assert files["big"].size == 1_000_000
    assert not isinstance(files["big"].file, io.BytesIO)
    files["big"].file.close()


def test_a_large_field_is_still_a_field():
    fields, files = parse(field("text", b"x" * 200_000))
    assert len(fields["text"]) == 200_000
    assert files == {}


@pytest.mark.parametrize(
    ("content_type", "parts", "end"),
    [
        ("multipart/form-data", (), b"--frontier--\r\n"),
        (TYPE, (field("a", b"1"),), b""),
        (TYPE, (part("Content-Disposition: attachment", b"1"),), b"--frontier--"),
        (TYPE, (part("X: y", b"1"),), b"--frontier--"),
        (TYPE, (field("a", b"\xff"),), b"--frontier--"),
        (
            TYPE,
            (
                part(
                    'Content-Disposition: form-data; name="a"\r\n'
                    "Content-Type: text/plain; charset=klingon",
                    b"1",
                ),
            ),
            b"--frontier--",
        ),
        (TYPE, (), b""),
        (TYPE, (b"nonsense",), b""),
    ],
)
def test_what_is_malformed_is_a_bad_request(content_type, parts, end):
    with pytest.raises(BadRequest):
        parse(*parts, content_type=content_type, end=end)


def test_a_form_with_too_many_parts_is_too_large():
    with pytest.raises(PayloadTooLarge):
        parse(*[field("a", b"")] * (forms.PARTS_MAX + 1))


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/mixed"])
def test_other_bodies_are_no_forms(content_type):
    assert forms.parse(content_type, io.BytesIO(b"a=b")) == ({}, {})


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_a_bad_request(body):
    try:
        fields, files = forms.parse(TYPE, io.BytesIO(body))
    except BadRequest:
        return
    assert isinstance(fields, dict)
    assert isinstance(files, dict)


def test_a_request_parses_its_form_when_it_is_looked_at():
    body = field("title", b"moon") + file("photo", "a.png", b"x")
    request = Request(
        method="POST",
        body=body + b"--frontier--\r\n",
        HEADERS={"Content-Type": TYPE},
    )
    assert request.POST == {"title": "moon"}
    assert request.FILES["photo"].size == 1


def test_looking_at_a_malformed_form_is_a_bad_request():
    request = Request(method="POST", body=b"x", HEADERS={"Content-Type": TYPE})
    with pytest.raises(BadRequest):
        request.POST  # noqa: B018
