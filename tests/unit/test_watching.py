import os
from queue import Empty, SimpleQueue

import pytest

from guava.watching import Watcher, is_source, outermost

PATIENCE = 10.0


@pytest.mark.parametrize(
    "path",
    ["post.py", "a/b/post.py", "guava.yaml", "pages/list.html", ".env", "x/list.j2"],
)
def test_sources_count(path):
    assert is_source(path)
    assert is_source(f"/{path}")


@pytest.mark.parametrize(
    "path",
    [
        "post.py~",
        ".post.py.swp",
        ".#post.py",
        "#post.py#",
        "post.pyc",
        "4913",
        "notes.txt",
        "app.db",
        ".git/hooks/a.py",
        ".venv/lib/a.py",
        "env/lib/python3.12/site-packages/a.py",
        "node_modules/a.html",
        "a/__pycache__/b.py",
    ],
)
def test_what_editors_tools_and_the_application_write_does_not(path):
    assert not is_source(path)


def test_of_folders_in_each_other_the_outermost_is_watched(tmp_path):
    inner, other = tmp_path / "a/b", tmp_path / "ab"
    inner.mkdir(parents=True)
    other.mkdir()
    (tmp_path / "link").symlink_to(other)
    given = [inner, tmp_path / "a", other, tmp_path / "link", tmp_path / "nowhere"]
    assert outermost(map(str, given)) == [str(tmp_path / "a"), str(other)]


@pytest.fixture
def watch():
    """Starts a watcher whose changes are put into the queue that is returned."""
    running = []

    def start(folders, files=()):
        changes = SimpleQueue()
        watcher = Watcher(map(str, folders), changes.put, map(str, files))
        watcher.start()
        running.append(watcher)
        return changes

    yield start
    for watcher in running:
        watcher.stop()


def test_what_is_made_changed_and_removed_is_told(watch, tmp_path):
    changes = watch([tmp_path])
    file = tmp_path / "a.py"
    for change in (file.touch, lambda: file.write_text("x"), file.unlink):
        change()
        assert changes.get(timeout=PATIENCE) == [str(file)]


def test_a_folder_that_comes_with_sources_is_told(watch, tmp_path):
    whole = tmp_path / "elsewhere"
    (whole / "pages/deep").mkdir(parents=True)
    (whole / "pages/deep/a.py").touch()
    (whole / ".git").mkdir()
    (whole / ".git/a.py").touch()
    root = tmp_path / "watched"
    root.mkdir()
    changes = watch([root])
    (whole / ".git").rename(root / ".git")
    (whole / "pages").rename(root / "pages")
    assert changes.get(timeout=PATIENCE) == [str(root / "pages")]


def test_changes_that_come_together_are_told_together(watch, tmp_path):
    changes = watch([tmp_path])
    files = [tmp_path / f"{n}.py" for n in range(5)]
    for file in files:
        file.touch()
    assert changes.get(timeout=PATIENCE) == [*map(str, files)]


def test_a_file_that_is_named_counts_whatever_it_is_called(watch, tmp_path):
    hidden = tmp_path / ".conf"
    hidden.touch()
    changes = watch([], [hidden])
    (tmp_path / ".other").touch()
    hidden.write_text("x")
    assert changes.get(timeout=PATIENCE) == [str(hidden)]
    with pytest.raises(Empty):
        changes.get_nowait()


def test_hidden_folders_above_what_is_watched_do_not_matter(watch, tmp_path):
    folder = tmp_path / ".work/site-packages"
    folder.mkdir(parents=True)
    changes = watch([tmp_path, folder])
    (folder / "a.py").touch()
    assert changes.get(timeout=PATIENCE) == [str(folder / "a.py")]


def test_a_touched_root_does_not_end_the_watching(watch, tmp_path):
    changes = watch([tmp_path])
    os.utime(tmp_path)
    (tmp_path / "a.py").touch()
    assert changes.get(timeout=PATIENCE) == [str(tmp_path / "a.py")]


def test_what_ends_the_watching_is_logged(tmp_path, capfd):
    def fail(paths):
        raise OSError("no luck")

    watcher = Watcher([str(tmp_path)], fail)
    watcher.start()
    (tmp_path / "a.py").touch()
    watcher._thread.join(PATIENCE)
    watcher.stop()
    said = capfd.readouterr().err
    assert "changes are no longer seen: Traceback" in said
    assert "OSError: no luck" in said
