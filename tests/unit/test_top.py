"""What `guava top` makes of a status."""

import copy
import http.server
import threading

import pytest

from guava import cli, top
from guava.config.address import TCPAddress, UnixAddress

NONE = {"2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0}


def status(**changes):
    """A status of a guavad with one worker and one router."""
    connections = dict.fromkeys(top.CONNECTIONS, 0)
    return {
        "version": "1",
        "pid": 7,
        "time_ms": 1_000_000,
        "started_ms": 0,
        "state": "serving",
        "ready": True,
        "unready": None,
        "generation": 1,
        "reloads": {"under_way": False, "last": None},
        "totals": {
            "requests": 0,
            "answers": NONE,
            "sent_bytes": 0,
            "received_bytes": 0,
            "latency_us": [],
        },
        "routers": [{"router": "mvc /", **NONE}],
        "restarts": [],
        "connections": connections,
        "listeners": [{"address": "127.0.0.1:8000", "queue": 3}],
        "workers": [
            {
                "number": 1,
                "generation": 1,
                "pid": 8,
                "state": "ready",
                "age_ms": 5000,
                "requests": 0,
                "resident_bytes": 1 << 24,
                "connections": connections,
                "running": None,
            }
        ],
        **changes,
    }


def text(now, before=None, width=200):
    lines = top.draw(now, before or now, width)
    for code in (top.BOLD, top.FAINT, top.GOOD, top.BAD, top.WARN, top.PLAIN):
        lines = [line.replace(code, "") for line in lines]
    return lines


@pytest.mark.parametrize(
    ("bytes_", "shown"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 40, "5.0 TiB")],
)
def test_sizes_have_units(bytes_, shown):
    assert top.size(bytes_) == shown


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [
        (None, "-"),
        (-5, "0 s"),
        (119_999, "119 s"),
        (120_000, "2 min"),
        (2 * 86_400_000, "2 d"),
    ],
)
def test_ages_have_one_unit(milliseconds, shown):
    assert top.age(milliseconds) == shown


@pytest.mark.parametrize(
    ("us", "shown"),
    [(None, "-"), (999, "999 us"), (1500, "1.5 ms"), (12_300_000, "12.3 s")],
)
def test_durations_have_units(us, shown):
    assert top.duration(us) == shown


def test_percentiles_are_of_what_came_since():
    before = [[4, 100], [1024, 5]]
    now = [[4, 150], [8, 45], [1024, 10]]
    shares = (0.5, 0.95, 0.99)
    assert top.percentiles(now, before, shares) == [5, 10, 1280]
    assert top.percentiles(now, now, shares) == [None, None, None]
    assert top.percentiles([], [], (0.5,)) == [None]


def test_rates_are_differences_over_time():
    before, now = status(), status(time_ms=1_002_000)
    now["totals"] = now["totals"] | {"requests": 3000, "answers": {**NONE, "2xx": 2000}}
    now["workers"][0]["requests"] = 1000
    lines = text(now, before)
    assert "requests/s   1,500   2xx 1,000  3xx 0  4xx 0  5xx 0" in lines
    assert any(line.split()[5:7] == ["s", "500"] for line in lines if " ready " in line)


def test_a_guavad_that_is_not_ready_says_why():
    now = status(ready=False, state="stopping", unready="guavad is stopping")
    assert text(now)[0].endswith("stopping: guavad is stopping")


def test_no_line_is_wider_than_the_terminal():
    now = status()
    now["workers"][0]["running"] = {"age_ms": 5, "method": "GET", "path": "/" * 500}
    for width in (1, 20, 80, 132):
        assert all(len(line) <= width for line in text(now, width=width))


def test_a_path_can_not_command_the_terminal():
    now = copy.deepcopy(status())
    path = "/\x1b[2J\r\n\x07"
    now["workers"][0]["running"] = {"age_ms": 5, "method": "GET", "path": path}
    line = next(line for line in text(now) if "GET" in line)
    assert line.endswith("GET /?[2J???")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://127.0.0.1:8001", top.Place("127.0.0.1", 8001)),
        ("localhost:8001/", top.Place("localhost", 8001)),
        ("http://[::1]:8001/status.json", top.Place("::1", 8001)),
        ("unix:/run/a b.sock", top.Place("localhost", 0, "/run/a b.sock")),
    ],
)
def test_urls_name_a_place(url, place):
    assert top.Place.of_url(url) == place


@pytest.mark.parametrize(
    "url", ["", "http://", "https://a:1", "localhost", "a:x", "unix:"]
)
def test_other_urls_name_none(url):
    with pytest.raises(ValueError, match=r"expected http|Port"):
        top.Place.of_url(url)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (TCPAddress("10.0.0.1", 1), "10.0.0.1:1"),
        (TCPAddress("0.0.0.0", 1), "127.0.0.1:1"),
        (TCPAddress("::", 1), "::1:1"),
        (UnixAddress("/a.sock"), "unix:/a.sock"),
    ],
)
def test_an_address_to_listen_on_names_where_to_ask(address, shown):
    assert str(top.Place.of_address(address)) == shown


@pytest.fixture
def answering():
    """The port of a server that answers each request with what is put into the list."""
    bodies = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(bodies[0])

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, bodies
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"7", b'{"version": "1"}'])
def test_what_answers_otherwise_is_no_guavad(answering, body):
    port, bodies = answering
    bodies.append(body)
    with pytest.raises(OSError, match="what answers gives no status"):
        top.Place("127.0.0.1", port).ask()


def test_an_interrupt_ends_it_without_a_traceback(monkeypatch, capsys):
    def interrupted(place, interval):
        raise KeyboardInterrupt

    monkeypatch.setattr(top, "print_once", interrupted)
    assert cli.main(["top", "--once", "--url", "localhost:1"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["0", "3601", "nan", "often"])
def test_an_interval_that_is_none_is_told_what_is(text, capsys):
    with pytest.raises(SystemExit):
        cli.main(["top", "--interval", text])
    said = f"argument --interval: expected seconds from 0.1 to 3600, found '{text}'\n"
    assert capsys.readouterr().err.endswith(said)
