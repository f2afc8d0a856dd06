"""The lines of the error log: one shape for all processes, plain or JSON."""

import json
import re
import signal

import httpx
import pytest

PLAIN = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[(debug|info|warning|error)\] "
    r"(?:master|check|worker \d \(generation \d+\)) \d+: .*|\t.*"
)
SPEAK = """\
import logging
import guava

logging.getLogger("loading").info("imported")

class SpeakController(guava.controller.Controller):
    def warn(self):
        logging.getLogger("shop.cart").warning("no caf\\u00e9\\n2026-01-01 forged")
        return "said"

    def fail(self):
        raise RuntimeError("oh\\nno")
"""


@pytest.fixture
def speaking(make_guavad):
    daemon = make_guavad(
        server={"workers": 1},
        log={"error": "error.log", "access": "access.log", "format": "json"},
    )
    daemon.write("controllers/speak.py", SPEAK)
    daemon.start()
    return daemon


def entries(daemon):
    return [json.loads(line) for line in daemon.log_text().splitlines()]


def entry(daemon, text):
    """The first entry whose message has `text`."""
    daemon.wait_for_log(text)
    return next(one for one in entries(daemon) if text in one["message"])


def test_every_line_of_the_plain_log_has_one_shape(make_guavad):
    daemon = make_guavad(server={"workers": 1})
    daemon.write("controllers/speak.py", SPEAK)
    daemon.start()
    daemon.get("/speak/warn")
    daemon.get("/speak/fail")
    daemon.signal(signal.SIGHUP)
    daemon.wait_for_log("generation 1 is gone")
    for line in daemon.log_text().splitlines():
        assert PLAIN.fullmatch(line), line
    assert daemon.wait_for_log("forged").startswith("\t")
    assert "(generation 1)" in daemon.wait_for_log("shop.cart: no café")


def test_a_worker_of_a_mold_logs_as_any_other(make_guavad):
    daemon = make_guavad(
        server={"workers": 1, "preload": True},
        log={"error": "error.log", "format": "json"},
    )
    daemon.write("controllers/speak.py", SPEAK)
    daemon.start()
    daemon.get("/speak/warn")
    said = entry(daemon, "forged")
    assert said["process"] == "worker 1"
    assert said["generation"] == 1


def test_every_line_in_json_has_the_same_keys_in_order(speaking):
    speaking.get("/speak/warn")
    speaking.get("/speak/fail")
    speaking.signal(signal.SIGHUP)
    speaking.wait_for_log("generation 1 is gone")
    shape = ["time", "level", "process", "pid", "generation", "message"]
    seen = entries(speaking)
    assert all(list(one)[:6] == shape for one in seen)
    assert {one["process"] for one in seen} >= {"master", "worker 1"}
    assert all(
        (one["generation"] is None) == (one["process"] in ("master", "check"))
        for one in seen
    )


def test_what_the_application_logs_names_its_logger_and_request(speaking):
    speaking.get("/speak/warn?a=b")
    said = entry(speaking, "no caf")
    assert said["message"] == "no café\n2026-01-01 forged"
    assert (said["level"], said["process"]) == ("warning", "worker 1")
    assert (said["logger"], said["generation"]) == ("shop.cart", 1)
    assert (said["method"], said["path"]) == ("GET", "/speak/warn?a=b")
    access = json.loads(speaking.wait_for_log("/speak/warn", name="access.log"))
    assert said["request_id"] == access["request_id"]
    assert "request_id" not in entry(speaking, "imported")


def test_a_traceback_is_one_string(speaking):
    speaking.get("/speak/fail")
    failed = entry(speaking, "RuntimeError")
    assert failed["message"].endswith("RuntimeError: oh\nno")
    assert "speak.py" in failed["message"]
    assert failed["path"] == "/speak/fail"


def test_the_end_of_a_worker_has_fields(speaking):
    with pytest.raises(httpx.RemoteProtocolError):
        speaking.get("/act/die/SIGKILL")
    died = entry(speaking, "died of SIGKILL")
    assert died["process"] == "master"
    assert (died["worker"], died["worker_generation"]) == (1, 1)
    assert (died["cause"], died["method"]) == ("SIGKILL", "GET")
    assert died["path"] == "/act/die/SIGKILL"
    assert re.fullmatch("[0-9a-f]{16}", died["request_id"])
    assert died["elapsed_ms"] >= 0


def test_a_reload_may_change_the_form(speaking):
    speaking.configure(server={"workers": 1}, log={"format": "combined"})
    assert speaking.run("-s", "reload").returncode == 0
    speaking.wait_for_log("[info] worker 1 (generation 2)")


def test_the_traceback_of_a_failed_check_is_json_too(speaking):
    speaking.write("controllers/index.py", "import nothing_of_the_kind\n")
    speaking.signal(signal.SIGHUP)
    failed = entry(speaking, "Traceback")
    assert (failed["process"], failed["level"]) == ("check", "error")
