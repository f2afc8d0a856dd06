"""File: one file a session, of this user alone, swept when it is over."""

import os
import time
from hashlib import sha256

import pytest

from guava.session import File, StoreError


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept"


@pytest.fixture
def store(folder):
    folder.mkdir()
    return File(str(folder), ttl=100)


def key(text):
    return sha256(str(text).encode()).hexdigest()


def age(path, seconds):
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def files(folder):
    return sorted(path for path in folder.glob("??/*"))


def test_a_swap_needs_what_is_there(store):
    assert store.read(key(1)) is None
    assert not store.swap(key(1), b"a", b"b")
    assert store.swap(key(1), None, b"a")
    assert not store.swap(key(1), None, b"b")
    assert store.swap(key(1), b"a", b"b")
    assert store.read(key(1)) == b"b"
    store.remove(key(1))
    store.remove(key(1))
    assert store.read(key(1)) is None


def test_it_outlives_the_store(store, folder):
    store.swap(key(1), None, b"a")
    assert File(str(folder)).read(key(1)) == b"a"


def test_a_file_is_for_its_user_alone(store, folder):
    before = os.umask(0)
    try:
        store.swap(key(1), None, b"a")
    finally:
        os.umask(before)
    [file] = files(folder)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.parent.name + file.name == key(1)


def test_nothing_else_is_left_beside_it(store, folder):
    store.swap(key(1), None, b"a")
    store.swap(key(1), b"a", b"b")
    assert len(files(folder)) == 1


def test_what_a_crash_left_is_in_nobodys_way(store, folder):
    store.swap(key(1), None, b"a")
    (folder / key(1)[:2] / "new").write_bytes(b"half of a longer one")
    assert store.swap(key(1), b"a", b"b")
    assert store.read(key(1)) == b"b"


def test_a_session_ends_after_its_time_to_live(store, folder):
    store.swap(key(1), None, b"a")
    age(files(folder)[0], 101)
    assert store.read(key(1)) is None
    assert not store.swap(key(1), b"a", b"b")
    assert store.swap(key(1), None, b"b")
    assert store.read(key(1)) == b"b"


def test_expired_files_are_swept_a_folder_at_a_time(store, folder):
    for number in range(2000):
        store.swap(key(number), None, b"a")
    for file in files(folder):
        age(file, 101 if file.parent.name in ("00", "01") else 0)
    kept = [file for file in files(folder) if file.parent.name not in ("00", "01")]
    store._sweep("00", time.time())
    assert {file.parent.name for file in files(folder)} >= {"01"}
    store._sweep("01", time.time())
    assert files(folder) == kept


def test_the_turn_is_taken_by_one_of_many(store, folder):
    others = [File(str(folder)) for _ in range(3)]
    assert [each._take(7) for each in (store, *others)] == [True, False, False, False]
    assert [each._take(8) for each in (store, *others)] == [True, False, False, False]


def test_as_time_goes_on_every_folder_is_swept(store, folder, monkeypatch):
    store.swap(key(1), None, b"a")
    [old] = files(folder)
    age(old, 1000)

    class Clock:
        now = time.time()

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr("guava.session.file.time", clock)
    for _ in range(256):
        clock.now += 10
        store.swap(key(2), store.read(key(2)), b"b")
    assert not old.exists()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_only_digests_are_names(store, name):
    with pytest.raises(ValueError, match="is no SHA-256"):
        store.read(name)


def test_a_link_is_not_followed(store, folder, tmp_path):
    store.swap(key(1), None, b"a")
    [file] = files(folder)
    (tmp_path / "secret").write_text("secret")
    file.unlink()
    file.symlink_to(tmp_path / "secret")
    with pytest.raises(StoreError):
        store.read(key(1))


def test_a_directory_that_is_not_there_is_refused(folder):
    with pytest.raises(ValueError, match="there is no directory"):
        File(str(folder))


def test_what_the_disk_refuses_is_said_in_one_line(store, folder, caplog):
    (folder / key(1)[:2]).write_text("in the way")
    with pytest.raises(StoreError, match="Not a directory"):
        store.swap(key(1), None, b"a")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert str(folder) in caplog.text


def test_a_sweep_that_fails_fails_no_request(store, folder, caplog):
    (folder / "swept").mkdir()
    assert store.swap(key(1), None, b"a")
    assert "are not swept" in caplog.text
