import io
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava.upload import Upload


def upload(filename="notes.txt", content=b"clear sky"):
    return Upload(filename, "text/plain", len(content), io.BytesIO(content))


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("/etc/passwd", "passwd"),
        ("C:\\temp\\passwd", "passwd"),
        ("../../passwd", "passwd"),
        ("passwd", "passwd"),
        ("caf\u00e9 \u263e.png", "caf\u00e9 \u263e.png"),
        ("a\0b\r\n.txt\x7f", "ab.txt"),
        ("moon\u202egnp.exe", "moongnp.exe"),
        ("..", "file"),
        (".", "file"),
        ("../", "file"),
        ("a/..", "file"),
        ("..\0", "file"),
        (" .. ", "file"),
        ("\0", "file"),
        ("", "file"),
        (".profile", ".profile"),
        ("a" * 300 + ".png", "a" * 251 + ".png"),
        ("\u00e9" * 200 + ".png", "\u00e9" * 125 + ".png"),
        ("a." + "b" * 300, "a." + "b" * 253),
    ],
)
def test_a_file_name_is_a_name_in_one_folder(sent, name):
    assert upload(sent).filename == name


@given(st.text())
def test_any_file_name_can_be_created_in_its_folder(tmp_path_factory, sent):
    folder = tmp_path_factory.getbasetemp()
    name = upload(sent.encode(errors="replace").decode()).filename
    path = os.path.join(folder, name)
    assert os.path.dirname(os.path.normpath(path)) == str(folder)
    assert name.isprintable()
    assert 0 < len(name.encode()) <= 255


def test_a_file_without_a_type_is_bytes():
    assert Upload("a", "", 0, io.BytesIO()).content_type == "application/octet-stream"


def test_an_upload_can_be_saved_more_than_once(tmp_path):
    notes = upload()
    notes.file.read(3)
    notes.save(tmp_path / "one")
    notes.save(str(tmp_path / "two"))
    assert (tmp_path / "one").read_bytes() == b"clear sky"
    assert (tmp_path / "two").read_bytes() == b"clear sky"
    assert sorted(os.listdir(tmp_path)) == ["one", "two"]


def test_a_saved_file_has_the_mode_of_a_new_one(tmp_path):
    (tmp_path / "new").touch()
    upload().save(tmp_path / "saved")
    modes = [
        stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("new", "saved")
    ]
    assert modes[0] == modes[1]


def test_a_file_that_is_replaced_is_whole_for_who_has_it_open(tmp_path):
    path = tmp_path / "notes"
    path.write_bytes(b"new moon")
    with open(path, "rb") as before:
        upload().save(path)
        assert before.read() == b"new moon"
    assert path.read_bytes() == b"clear sky"


class Broken(io.BytesIO):
    def read(self, *_):
        raise OSError("no such sector")


def test_a_copy_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "notes"
    path.write_bytes(b"new moon")
    with pytest.raises(OSError, match="no such sector"):
        Upload("a", "", 1, Broken()).save(path)
    assert path.read_bytes() == b"new moon"
    assert os.listdir(tmp_path) == ["notes"]


def test_a_folder_is_not_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", f"{tmp_path}/folder/"):
        with pytest.raises(OSError, match="folder"):
            upload().save(path)
    with pytest.raises(FileNotFoundError):
        upload().save(tmp_path / "none" / "notes")
    assert [names for _, *names in os.walk(tmp_path)] == [[["folder"], []], [[], []]]
