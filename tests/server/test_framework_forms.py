"""Forms and uploads, through a live guavad."""

import httpx
import pytest

MIB = 1024 * 1024
APP = """\
import os
import re
from pathlib import Path

import guava


def peak():
    if "ASAN_OPTIONS" in os.environ:
        return 0  # it keeps what is freed
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) * 1024


class FormController(guava.controller.Controller):
    def fields(self):
        return {name: self.POST.getlist(name) for name in self.POST}

    def query(self):
        return self.GET.getlist("tag")

    def keep(self):
        before = peak()
        upload = self.FILES["film"]
        upload.save("kept.bin")
        upload.file.seek(-4, os.SEEK_END)
        return {
            "title": self.POST["title"],
            "name": upload.filename,
            "size": upload.size,
            "end": upload.file.read().decode(),
            "grown": peak() - before,
        }
"""


@pytest.fixture
def site(make_guavad):
    def start(**limits):
        daemon = make_guavad(server={"workers": 1}, limits=limits)
        daemon.write("controllers/form.py", APP)
        daemon.start()
        return daemon

    return start


def film(size):
    """A form with a title and a film of `size` bytes, as it comes."""
    disposition = b"Content-Disposition: form-data; name="
    yield b"--b\r\n" + disposition + b"title\r\n\r\nMoon\r\n"
    yield b"--b\r\n" + disposition + b'film; filename="../moon.bin"\r\n\r\n'
    for _ in range(size // MIB):
        yield b"\r\n--" * (MIB // 4)
    yield b"full\r\n--b--\r\n"


def test_all_values_of_a_name_are_there(site):
    daemon = site()
    assert daemon.get("/form/query?tag=a&tag=b&other=c").json() == ["a", "b"]
    fields = {"tag": ["a", "b"], "title": "Moon"}
    expected = {"tag": ["a", "b"], "title": ["Moon"]}
    url = daemon.url("/form/fields")
    assert httpx.post(url, data=fields).json() == expected
    assert httpx.post(url, data=fields, files={"f": b"x"}).json() == expected


def test_a_large_upload_is_never_in_memory(site):
    daemon = site(body="256MiB", body_disk="256MiB")
    answer = httpx.post(
        daemon.url("/form/keep"),
        content=film(200 * MIB),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        timeout=60,
    ).json()
    assert answer.pop("grown") < 8 * MIB
    assert answer == {
        "title": "Moon",
        "name": "moon.bin",
        "size": 200 * MIB + 4,
        "end": "full",
    }
    kept = daemon.folder / "kept.bin"
    assert kept.stat().st_size == 200 * MIB + 4
    assert not list(daemon.folder.glob(".*.upload"))


@pytest.mark.parametrize("files", [None, {"f": b"x"}])
def test_a_form_over_its_limits_is_too_large(site, files):
    daemon = site(form_parts=3, body_decoded="1KiB")
    for fields, detail in [
        ({"a": ["1"] * 4}, "a form may have 3"),
        ({"a": "1" * 1100}, "the fields of a form may have 1024 bytes"),
    ]:
        answer = httpx.post(
            daemon.url("/form/fields"),
            data=fields,
            files=files,
            headers={"Accept": "application/json"},
        )
        assert answer.status_code == 413
        assert detail in answer.json()["detail"]
    large = {"f": b"x" * 10_000}
    answer = httpx.post(daemon.url("/form/fields"), data={"a": "1"}, files=large)
    assert answer.json() == {"a": ["1"]}
