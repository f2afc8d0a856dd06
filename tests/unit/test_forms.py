import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava import bodies, forms
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


def parse_on_disk(tmp_path, *parts):
    path = tmp_path / "body"
    path.write_bytes(b"".join(parts) + END)
    return forms.parse(TYPE, open(path, "rb"))


@pytest.fixture
def limits(monkeypatch):
    """Has the limits of this process set anew, for the test alone."""
    monkeypatch.setattr(bodies, "limits", bodies.limits)
    return bodies.set_limits


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


def test_all_of_each_name_are_told():
    fields, files = parse(
        field("a", b"1"), field("a", b"2"), file("f", "1", b""), file("f", "2", b"")
    )
    assert fields.getlist("a") == ["1", "2"]
    assert [upload.filename for upload in files.getlist("f")] == ["1", "2"]
    fields, files = forms.parse(forms.URLENCODED, io.BytesIO(b"a=1&a=2"))
    assert (fields.getlist("a"), files.getlist("f")) == (["1", "2"], [])


def test_a_file_with_content_and_without_a_name_is_not_lost():
    _, files = parse(file("photo", "", b"x"))
    assert (files["photo"].filename, files["photo"].size) == ("file", 1)


def test_files_stay_where_the_body_is(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    many = [file("f", f"{n}.bin", bytes([n]) * 1_000_000) for n in range(5)]
    fields, files = parse_on_disk(tmp_path, field("a", b"1"), *many, field("b", b"2"))
    assert fields == {"a": "1", "b": "2"}
    assert len(os.listdir("/proc/self/fd")) == before + 1
    for n, upload in enumerate(files.getlist("f")):
        assert (upload.filename, upload.size) == (f"{n}.bin", 1_000_000)
        assert not isinstance(upload.file, io.BytesIO)
        assert upload.file.read() == bytes([n]) * 1_000_000
    del files, upload
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_large_field_is_still_a_field():
    fields, files = parse(field("text", b"x" * 200_000))
    assert len(fields["text"]) == 200_000
    assert files == {}


@pytest.mark.parametrize(
    "end", [b"", b"\r\nand more", b"\r\n--frontier\r\nX: y\r\n\r\n"]
)
def test_what_stands_behind_the_end_means_nothing(end):
    assert parse(field("a", b"1"), end=b"--frontier--" + end)[0] == {"a": "1"}


def test_what_stands_before_the_first_part_means_nothing():
    assert parse(b"nothing\r\n", field("a", b"1"))[0] == {"a": "1"}


def test_a_part_with_parts_of_its_own_is_a_field():
    inner = b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--b--"
    head = 'Content-Disposition: form-data; name="a"\r\n'
    fields, _ = parse(part(f"{head}Content-Type: multipart/mixed; boundary=b", inner))
    assert fields == {"a": inner.decode()}


def test_a_field_has_its_own_charset():
    head = 'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain'
    fields, _ = parse(part(f"{head}; charset=ISO-8859-1", b"caf\xe9"))
    assert fields == {"a": "caf\u00e9"}


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
        *(
            (
                TYPE,
                (
                    part(
                        'Content-Disposition: form-data; name="a"\r\n'
                        f"Content-Type: text/plain; charset={name}",
                        b"\\x41",
                    ),
                ),
                b"--frontier--",
            )
            for name in ("unicode_escape", "base64", "idna", "iso-8859-99")
        ),
        (TYPE, (), b""),
        (TYPE, (b"nonsense",), b""),
        ("multipart/form-data; boundary=", (), END),
        ("multipart/form-data; boundary=\xe9", (), END),
        (f"multipart/form-data; boundary={'b' * 71}", (), END),
        (f"{TYPE}; boundary=b", (field("a", b"1"),), END),
        (TYPE, (b"-", field("a", b"1")), b""),
        (TYPE, (field("a", b"1"),), b"--frontier"),
        (TYPE, (field("a", b"1"),), b"--frontier-"),
        (TYPE, (field("a", b"1"),), b"--frontier \r\n"),
        (TYPE, (field("a", b"1"),), b"--frontiers\r\n\r\n--frontier--"),
        (TYPE, (b"--frontier\r\n\r\nvalue\r\n",), END),
        (TYPE, (b"--frontier\nContent-Disposition: form-data; name=a\n\n1\n",), END),
        (TYPE, (part("Content-Disposition: form-data", b"1"),), END),
        (TYPE, (part('Content-Disposition: form-data; name="a', b"1"),), END),
        (TYPE, (part("Content-Disposition: form-data; name=a; name=b", b"1"),), END),
        (TYPE, (part("Content-Disposition: form-data; name=a b", b"1"),), END),
        (TYPE, (part("Content-Disposition: form-data; name=a\r\n x", b"1"),), END),
        (TYPE, (part("Content-Disposition: form-data; name=a\0", b"1"),), END),
        (TYPE, (part("Content-Disposition : form-data; name=a", b"1"),), END),
        (
            TYPE,
            (part("\r\n".join(["Content-Disposition: form-data; name=a"] * 2), b"1"),),
            END,
        ),
        (
            TYPE,
            (
                part(
                    "Content-Disposition: form-data; name=a\r\n"
                    "Content-Transfer-Encoding: base64",
                    b"MQ==",
                ),
            ),
            END,
        ),
        (
            TYPE,
            (
                part(
                    "Content-Disposition: form-data; name=a; filename*=UTF-8''%ff",
                    b"1",
                ),
            ),
            END,
        ),
        (
            TYPE,
            (
                part(
                    "Content-Disposition: form-data; name=a; filename*=utf-7''a",
                    b"1",
                ),
            ),
            END,
        ),
    ],
)
def test_what_is_malformed_is_a_bad_request(content_type, parts, end):
    with pytest.raises(BadRequest):
        parse(*parts, content_type=content_type, end=end)


def test_a_malformed_form_says_what_is_wrong():
    with pytest.raises(BadRequest) as raised:
        parse(field("a", b"1"), end=b"")
    assert raised.value.detail == (
        "malformed multipart/form-data: the last part has no end"
    )


def test_a_form_may_have_so_many_parts(limits):
    limits(parts=3, decoded=1000)
    kinds = [forms.URLENCODED, TYPE]
    for count, kind in [(3, kind) for kind in kinds] + [(4, kind) for kind in kinds]:
        many = b"&".join([b"a=1"] * count)
        if kind == TYPE:
            many = field("a", b"1") * (count - 1) + file("b", "c", b"") + END
        if count <= 3:
            assert forms.parse(kind, io.BytesIO(many))[0]["a"] == "1"
        else:
            with pytest.raises(PayloadTooLarge):
                forms.parse(kind, io.BytesIO(many))


def test_the_fields_of_a_form_may_have_so_many_bytes(limits):
    limits(parts=10, decoded=20)
    assert forms.parse(forms.URLENCODED, io.BytesIO(b"a=" + b"1" * 18))[0]
    assert parse(field("a", b"1" * 9), field("b", b"1" * 9))[0]
    with pytest.raises(PayloadTooLarge, match="20 bytes"):
        forms.parse(forms.URLENCODED, io.BytesIO(b"a=" + b"1" * 19))
    with pytest.raises(PayloadTooLarge, match="20 bytes"):
        parse(field("a", b"1" * 9), field("b", b"1" * 10))
    assert parse(file("f", "f", b"1" * 100))[1]["f"].size == 100


@pytest.mark.parametrize("junk", [b"X: " + b"y" * 10_000, b"X: y\r\n" * 2000])
def test_the_head_of_a_part_may_have_so_many_bytes(junk):
    with pytest.raises(PayloadTooLarge, match="8192 bytes"):
        parse(b"--frontier\r\n" + junk + b"\r\n\r\n1\r\n")


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
