"""Files that an action answers with."""

import os

import pytest
from conftest import eventually
from http_client import post, request
from live import answering, descriptors
from pattern import pattern

from guava.response import FileResponse, Response

SIZES = {"small.txt": 1000, "large.bin": 5_000_000}


@pytest.fixture
def folder(tmp_path):
    for name, size in SIZES.items():
        (tmp_path / name).write_bytes(pattern(size))
    return tmp_path


def sending(folder, **options):
    """Answers /NAME with the file of that name."""
    return answering(lambda asked: FileResponse(folder / asked.path[1:], **options))


@pytest.mark.parametrize("name", SIZES)
def test_a_file_is_sent_whole_and_says_what_it_is(folder, name):
    with sending(folder) as live:
        answer = live.ask(request(f"/{name}"))
    assert answer.status == 200
    assert answer.body == pattern(SIZES[name])
    assert answer.headers["accept-ranges"] == "bytes"
    assert {"etag", "last-modified"} <= answer.headers.keys()
    assert "content-disposition" not in answer.headers


def test_its_type_is_that_of_its_ending_or_the_one_that_is_given(folder):
    with sending(folder) as live:
        answer = live.ask(request("/small.txt"))
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    with sending(folder, content_type="text/x-moon") as live:
        answer = live.ask(request("/small.txt"))
        assert answer.headers["content-type"] == "text/x-moon"


@pytest.mark.parametrize("name", SIZES)
def test_a_part_of_it_is_sent_where_that_is_asked_for(folder, name):
    with sending(folder, content_type="text/x-moon", filename="moon") as live:
        answer = live.ask(request(f"/{name}", "Range: bytes=5-9"))
    assert answer.status == 206
    assert answer.body == pattern(10)[5:]
    assert answer.headers["content-range"] == f"bytes 5-9/{SIZES[name]}"
    assert answer.headers["content-type"] == "text/x-moon"
    assert answer.headers["content-disposition"] == 'attachment; filename="moon"'


@pytest.mark.parametrize("name", SIZES)
def test_each_of_several_parts_has_the_type_that_is_given(folder, name):
    with sending(folder, content_type="text/x-moon") as live:
        answer = live.ask(request(f"/{name}", "Range: bytes=0-1,500-501"))
    assert answer.status == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert answer.body.count(b"Content-Type: text/x-moon\r\n") == 2
    assert b"text/plain" not in answer.body


def test_a_part_that_is_not_there_is_an_error_without_the_files_fields(folder):
    with sending(folder, filename="moon", headers={"X-Own": "1"}) as live:
        answer = live.ask(request("/small.txt", "Range: bytes=5000-"))
    assert answer.status == 416
    assert answer.headers["content-range"] == "bytes */1000"
    assert answer.headers["content-type"].startswith("text/html")
    assert not {"content-disposition", "x-own"} & answer.headers.keys()


def test_a_file_that_the_client_has_is_not_sent_again(folder):
    with sending(folder, headers={"Cache-Control": "private"}) as live:
        first = live.ask(request("/small.txt"))
        known = f"If-None-Match: {first.headers['etag']}"
        answer = live.ask(request("/small.txt", known))
        assert answer.status == 304
        assert answer.headers["etag"] == first.headers["etag"]
        assert answer.headers["cache-control"] == "private"
        (folder / "small.txt").write_bytes(b"changed")
        assert live.ask(request("/small.txt", known)).body == b"changed"


def test_a_tag_of_the_applications_own_is_not_sent_beside_the_files(folder):
    with sending(folder, headers={"ETag": '"mine"', "Last-Modified": "now"}) as live:
        headers = live.ask(request("/small.txt")).headers
    assert "mine" not in headers["etag"]
    assert headers["last-modified"] != "now"


@pytest.mark.parametrize("name", SIZES)
def test_head_has_the_head_alone(folder, name):
    with sending(folder) as live, live.client() as client:
        answer = client.ask(request(f"/{name}", method="HEAD"), "HEAD")
        assert answer.headers["content-length"] == str(SIZES[name])
        assert client.ask(request("/small.txt")).body == pattern(1000)


def test_a_post_is_answered_with_all_of_it(folder):
    with sending(folder) as live:
        fields = ["Range: bytes=5-9", "If-None-Match: *"]
        answer = live.ask(post("/small.txt", b"", *fields))
    assert (answer.status, answer.body) == (200, pattern(1000))


def test_a_status_of_ones_own_stays(folder):
    with sending(folder, status=404) as live:
        answer = live.ask(request("/small.txt", "Range: bytes=5-9"))
    assert (answer.status, answer.body) == (404, pattern(1000))
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("name", ["none.txt", "", "fifo", "a\0b"])
def test_what_is_no_file_is_not_found(folder, name):
    os.mkfifo(folder / "fifo")
    with answering(lambda asked: FileResponse(f"{folder}/{name}", "name")) as live:
        answer = live.ask()
        assert live.log.count("[error]") == 0
    assert answer.status == 404
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("name", ["small.txt", "./small.txt", "below/../small.txt"])
def test_a_directory_bounds_where_a_path_may_lead(folder, name):
    (folder / "below").mkdir()
    with answering(lambda asked: FileResponse(name, directory=folder)) as live:
        assert live.ask().body == pattern(1000)


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "link", "", "/", ".", "below/../../secret"]
)
def test_a_path_that_leads_out_of_its_directory_is_not_found(folder, name):
    site = folder / "site"
    (site / "below").mkdir(parents=True)
    (folder / "secret").write_text("secret")
    (site / "link").symlink_to(folder / "secret")
    with (
        answering(lambda asked: FileResponse(name, directory=site)) as live,
        live.client() as client,
    ):
        assert client.ask(request()).status == 404
        before = descriptors()
        assert client.ask(request()).status == 404
        assert descriptors() == before


def test_a_name_goes_with_the_file(folder):
    response = FileResponse(folder / "small.txt", "caf\u00e9.txt", "inline")
    with answering(lambda asked: response) as live:
        answer = live.ask()
    assert answer.headers["content-disposition"] == (
        "inline; filename=\"caf_.txt\"; filename*=UTF-8''caf%C3%A9.txt"
    )


def test_without_a_name_it_is_saved_as_what_the_path_ends_in(folder):
    response = FileResponse(folder / "small.txt", disposition="attachment")
    assert response.headers == [
        ("Content-Disposition", 'attachment; filename="small.txt"')
    ]


@pytest.mark.parametrize("leave", ["close", "reset"])
def test_a_download_that_is_broken_off_closes_the_file(folder, leave):
    with sending(folder) as live:
        before = descriptors()
        client = live.client(request("/large.bin"), receive_buffer=4096)
        assert client.head().status == 200
        assert descriptors() > before
        client.socket.close() if leave == "close" else client.reset()
        eventually(lambda: descriptors() == before, "the file's end")


def test_a_file_can_take_the_place_of_a_responses_body(folder):
    def handler(asked):
        response = Response("text", headers={"X-Own": "1"})
        response.body = FileResponse(folder / "small.txt").body
        return response

    with answering(handler) as live:
        answer = live.ask()
    assert (answer.body, answer.headers["x-own"]) == (pattern(1000), "1")
