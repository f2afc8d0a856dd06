import pytest

from guava import _core, error_pages
from guava.handler import Handler
from guava.importing import LoadError


def handler(action):
    return Handler(module="handlers", controller="ErrorsController", action=action)


GONE = handler("gone")
MODULE = """\
import guava

class ErrorsController(guava.controller.Controller):
    def gone(self): return "gone"
    def picky(self, id): return id
"""


@pytest.fixture
def handlers(tmp_path, monkeypatch):
    (tmp_path / "handlers.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    __import__("sys").modules.pop("handlers", None)


def test_paths_become_absolute_and_handlers_stay(handlers):
    pages = error_pages.checked({404: "no.html", 410: GONE})
    assert pages == {404: str(handlers / "no.html"), 410: GONE}
    with pytest.raises(TypeError):
        pages[404] = "other.html"


@pytest.mark.parametrize("status", [200, 399, 600, "404"])
def test_a_status_of_no_error_is_refused(status):
    with pytest.raises(ValueError, match="not the status"):
        error_pages.checked({status: GONE})


def test_files_are_read_and_handlers_imported(handlers):
    (handlers / "no.html").write_text("no")
    loaded = error_pages.load({404: "no.html", 410: GONE})
    assert loaded[404] == ("no.html", b"no")
    assert isinstance(loaded[410], _core.Action)
    assert loaded[410].name == "gone"


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("none.html", "error_pages"),
        (handler("go"), "action"),
        (handler("picky"), "args"),
        (Handler(module="nowhere", controller="X", action="y"), "module"),
    ],
)
def test_what_is_not_there_says_which_part_is_at_fault(handlers, page, key):
    with pytest.raises(LoadError) as refused:
        error_pages.load({404: page})
    assert refused.value.key == key
