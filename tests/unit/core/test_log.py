"""The error log."""

import json
import os
import re

import pytest

from guava import _core

ENTRY = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[(\w+)\] (\S+) (\d+): (.*)", re.DOTALL
)


@pytest.fixture
def log(tmp_path):
    """Writes an entry and returns the whole log, which begins with it."""
    path = tmp_path / "error.log"

    def write(message, level=_core.LOG_INFO, least=_core.LOG_DEBUG):
        with path.open("w") as file:
            _core.log_open(file.fileno(), least, "tester")
            _core.log(level, message)
        return path.read_text()

    yield write
    _core.log_open(2, _core.LOG_INFO, "guavad")


def test_an_entry_names_its_time_level_and_process(log):
    level, name, pid, text = ENTRY.fullmatch(log("the moon is up")).groups()
    assert (level, name, pid) == ("info", "tester", str(os.getpid()))
    assert text == "the moon is up\n"


def test_levels_are_in_order_and_named(log):
    levels = [_core.LOG_DEBUG, _core.LOG_INFO, _core.LOG_WARNING, _core.LOG_ERROR]
    assert levels == sorted(set(levels))
    names = [ENTRY.fullmatch(log("x", level)).group(1) for level in levels]
    assert names == ["debug", "info", "warning", "error"]


def test_what_is_below_the_level_is_not_written(log):
    assert log("x", _core.LOG_INFO, least=_core.LOG_WARNING) == ""
    assert log("x", _core.LOG_ERROR, least=_core.LOG_WARNING) != ""


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("", ""),
        ("caf\u00e9 \U0001f311", "caf\u00e9 \U0001f311"),
        ("100% %s %n", "100% %s %n"),
        ("one\ntwo\n\n", "one\n\ttwo"),
        ("a\tb", "a\tb"),
        ("a\x1b[31mb\x7f", "a\\x1b[31mb\\x7f"),
        ("a\r\nb", "a\\x0d\n\tb"),
        ("a\0b", "a\\x00b"),
        ("a\ud800b", "a\\ud800b"),
        ("x" * 100_000, "x" * 100_000),
    ],
)
def test_no_text_can_forge_an_entry(log, message, written):
    assert ENTRY.fullmatch(log(message)).group(4) == written + "\n"


@pytest.fixture
def json_log(tmp_path):
    """Writes an entry and returns the log's one line, read as JSON."""
    path = tmp_path / "error.log"

    def write(*arguments, generation=7):
        with path.open("w") as file:
            _core.log_open(
                file.fileno(),
                _core.LOG_INFO,
                "tester",
                generation=generation,
                json=True,
            )
            _core.log(_core.LOG_WARNING, *arguments)
        [line] = path.read_text().splitlines()
        return json.loads(line)

    yield write
    _core.log_open(2, _core.LOG_INFO, "guavad")


def test_an_entry_in_json_has_the_same_parts(json_log):
    entry = json_log("the moon is up")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry.pop("time"))
    assert entry == {
        "level": "warning",
        "process": "tester",
        "pid": os.getpid(),
        "generation": 7,
        "message": "the moon is up",
    }
    assert json_log("x", generation=0)["generation"] is None


@pytest.mark.parametrize(
    "message",
    ["", 'a "b" \\', "one\ntwo\n\nthree", "caf\u00e9 \U0001f311", "\x1b\r\x7f"],
)
def test_any_text_stays_itself_in_json(json_log, message):
    assert json_log(message)["message"] == message


def test_the_logger_is_a_field_of_json(json_log):
    assert json_log("x", "shop.cart")["logger"] == "shop.cart"
    assert "logger" not in json_log("x", None)
    with pytest.raises(TypeError):
        _core.log(_core.LOG_INFO, "x", 7)


@pytest.mark.parametrize("level", [-1, 4, 99])
def test_there_are_no_other_levels(level):
    with pytest.raises(ValueError, match="log level"):
        _core.log(level, "x")
    with pytest.raises(ValueError, match="log level"):
        _core.log_open(2, level, "x")


@pytest.mark.parametrize("arguments", [(1, b"x"), ("1", "x"), (1,), (1, None)])
def test_entries_are_text(arguments):
    with pytest.raises(TypeError):
        _core.log(*arguments)


def test_a_log_that_can_not_be_written_is_no_error():
    with open(os.devnull) as file:
        _core.log_open(file.fileno(), _core.LOG_DEBUG, "tester")
        _core.log(_core.LOG_ERROR, "lost")
    _core.log_open(2, _core.LOG_INFO, "guavad")
