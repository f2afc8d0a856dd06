"""The access log: one true line for each answer, in three formats."""

import json
import re
import signal

import pytest
from http_client import Client, engine, old_request, post, request

COMBINED = re.compile(
    r"(\S+) - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] "
    r'"([^"]*)" (\d{3}) (\d+) "([^"]*)" "([^"]*)"'
)
KEPT = "1s"  # makes the log's lines leave memory every eighth of it


def logging_engine(make, log_format, start=True):
    mvc = {"type": "mvc", "mount_point": "/", "package": "engine"}
    static = {"type": "static", "mount_point": "/static", "directory": "public"}
    guavad = engine(
        make,
        start=False,
        routers=[static, mvc],
        log={"error": "error.log", "access": "access.log", "format": log_format},
        limits={"body": "1000B"},
        timeouts={"write": KEPT, "graceful": "5s"},
    )
    guavad.write("public/small.txt", "small")
    guavad.write("public/large.txt", "large" * 100_000)
    if start:
        guavad.start()
    return guavad


@pytest.fixture(scope="module")
def combined(make_shared_guavad):
    return logging_engine(make_shared_guavad, "combined")


@pytest.fixture(scope="module")
def as_json(make_shared_guavad):
    return logging_engine(make_shared_guavad, "json")


def lines_after(guavad, data, count=1, method="GET"):
    """The lines that the log has more when `data` has been answered."""
    log = guavad.folder / "access.log"
    before = len(log.read_bytes())
    with Client(guavad.port, data) as client:
        for _ in range(count):
            client.read(method)

    def added():
        text = log.read_bytes()[before:].decode("ascii")
        return text if text.count("\n") >= count else None

    text = guavad.eventually(added, "a line in the access log")
    assert text.endswith("\n")
    lines = text.splitlines()
    assert len(lines) == count
    return lines


def entry(guavad, data, method="GET"):
    """The fields of the combined log's line: client, request, status, bytes, …"""
    [line] = lines_after(guavad, data, method=method)
    parts = COMBINED.fullmatch(line)
    assert parts, line
    return parts.groups()


@pytest.mark.parametrize(
    ("data", "line", "status", "size"),
    [
        (request("/"), "GET / HTTP/1.1", "200", "12"),
        (old_request("/"), "GET / HTTP/1.0", "200", "12"),
        (request("/?a=b&c"), "GET /?a=b&c HTTP/1.1", "200", "12"),
        (request("/do/bytes/0"), "GET /do/bytes/0 HTTP/1.1", "200", "0"),
        (request("/do/bytes/16384"), "GET /do/bytes/16384 HTTP/1.1", "200", "16384"),
        (
            request("/do/bytes/5000000"),
            "GET /do/bytes/5000000 HTTP/1.1",
            "200",
            "5000000",
        ),
        (request("/do/words"), "GET /do/words HTTP/1.1", "200", "11"),
        (old_request("/do/words"), "GET /do/words HTTP/1.0", "200", "11"),
        (
            request("/do/stream/100000/999"),
            "GET /do/stream/100000/999 HTTP/1.1",
            "200",
            "100000",
        ),
        (request("/static/small.txt"), "GET /static/small.txt HTTP/1.1", "200", "5"),
        (
            request("/static/large.txt"),
            "GET /static/large.txt HTTP/1.1",
            "200",
            "500000",
        ),
        (request("/do/status/204"), "GET /do/status/204 HTTP/1.1", "204", "0"),
        (post("/do/echo", b"text"), "POST /do/echo HTTP/1.1", "200", "4"),
        (post("/do/echo", b"x" * 1001), "POST /do/echo HTTP/1.1", "413", None),
        (request("/none"), "GET /none HTTP/1.1", "404", None),
        (request("/do/failure"), "GET /do/failure HTTP/1.1", "500", None),
        (b"nonsense\r\n\r\n", "- - HTTP/1.1", "400", None),
        (b"BREW / HTTP/1.1\r\n\r\n", "- - HTTP/1.1", "501", None),
    ],
)
def test_an_answer_has_its_line(combined, data, line, status, size):
    client, *found, referer, agent = entry(combined, data)
    assert client == "127.0.0.1"
    assert found[:2] == [line, status]
    assert found[2] == size or size is None
    assert (referer, agent) == ("-", "-")


@pytest.mark.parametrize("target", ["/", "/static/large.txt", "/do/bytes/100000"])
def test_head_sends_no_body(combined, target):
    found = entry(combined, request(target, method="HEAD"), "HEAD")
    assert found[1:4] == (f"HEAD {target} HTTP/1.1", "200", "0")


def test_the_bytes_of_an_error_are_those_of_its_page(combined):
    page = combined.get("/none?first").content
    combined.wait_for_log("/none?first", name="access.log")
    assert entry(combined, request("/none"))[3] == str(len(page))


def test_pipelined_requests_have_a_line_each_in_order(combined):
    targets = ["/?1", "/do/bytes/100000", "/?2", "/static/large.txt", "/none", "/?3"]
    lines = lines_after(combined, b"".join(map(request, targets)), len(targets))
    assert [COMBINED.fullmatch(line)[2].split()[1] for line in lines] == targets


@pytest.mark.parametrize(
    "target", ["/do/bytes/9000000", "/do/endless/logged", "/static/large.txt"]
)
def test_an_answer_that_is_cut_off_is_logged_with_what_went_out(combined, target):
    if target == "/static/large.txt":
        combined.write("public/large.txt", "large" * 4_000_000)
    asks = request(target, "User-Agent: cut-off")
    times = combined.log_text("access.log").count('"cut-off"')
    with Client(combined.port, asks, receive_buffer=4096) as client:
        head = client.head()
        client._exactly(1000)
        client.reset()
    combined.wait_for_log('"cut-off"', times + 1, name="access.log")
    lines = combined.log_text("access.log").splitlines()
    line = [line for line in lines if '"cut-off"' in line][-1]
    size = int(COMBINED.fullmatch(line)[4])
    assert COMBINED.fullmatch(line)[3] == "200"
    assert 1000 <= size < int(head.headers.get("content-length", 100_000_000))


def test_a_stream_that_fails_is_logged_with_what_went_out(combined):
    log = combined.folder / "access.log"
    asks = request("/do/failing/3", "User-Agent: failing")
    with Client(combined.port, asks) as client:
        client.rest()
    combined.wait_for_log('"failing"', name="access.log")
    assert '"GET /do/failing/3 HTTP/1.1" 200 24 "-" "failing"' in log.read_text()


# What a client sends can not look like the log's own words


@pytest.mark.parametrize(
    ("agent", "logged"),
    [
        ("Mozilla/5.0 (X11)", "Mozilla/5.0 (X11)"),
        ('x" 200 1 "-" "y', r"x\x22 200 1 \x22-\x22 \x22y"),
        ("back\\slash", r"back\x5Cslash"),
        ("tab\there", r"tab\x09here"),
        ("\x80\xff", r"\x80\xFF"),
        ("", "-"),
    ],
)
def test_a_field_can_not_forge_another(combined, agent, logged):
    data = request("/", "User-Agent: {agent}", "Referer: {agent}")
    found = entry(combined, data.replace(b"{agent}", agent.encode("latin-1")))
    assert found[4:] == (logged, logged)


@pytest.mark.parametrize(
    "field",
    [
        b"User-Agent: a\nforged",
        b"User-Agent: a\rforged",
        b"User-Agent: a\r\n forged",
        b"User-Agent: a\0forged",
    ],
)
def test_a_line_break_in_a_field_is_refused(combined, field):
    data = request("/", "{field}").replace(b"{field}", field)
    assert entry(combined, data)[1:3] == ("- - HTTP/1.1", "400")
    assert "forged" not in combined.log_text("access.log")


def test_escaped_line_breaks_in_a_target_stay_escaped(combined):
    target = "/none%0d%0a127.0.0.1%20forged"
    assert entry(combined, request(target))[1] == f"GET {target} HTTP/1.1"


# JSON


def test_json_lines_hold_what_is_known(as_json):
    target = '/do/target?quote="&back\\slash'
    asks = request(target, 'User-Agent: "agent"\t\\', "Referer: http://x/")
    [line] = lines_after(as_json, asks)
    record = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record.pop("time"))
    assert re.fullmatch(r"[0-9a-f]{16}", record.pop("request_id"))
    assert 0 < record.pop("duration_us") < 5_000_000
    assert record == {
        "client": "127.0.0.1",
        "method": "GET",
        "target": target,
        "version": "1.1",
        "status": 200,
        "bytes": len(target),
        "referer": "http://x/",
        "user_agent": '"agent"\t\\',
        "host": "test",
        "scheme": "http",
    }


def test_json_lines_tell_what_is_absent_from_what_is_empty(as_json):
    [line] = lines_after(as_json, request("/", "Referer:"))
    record = json.loads(line)
    assert record["referer"] == ""
    assert record["user_agent"] is None


def test_json_lines_are_json_whatever_comes(as_json):
    data = request("/", "User-Agent: {all}").replace(
        b"{all}", bytes([9, *range(32, 127), *range(128, 256)])
    )
    lines = lines_after(as_json, data + b"nonsense\r\n\r\n", 2)
    assert [json.loads(line)["status"] for line in lines] == [200, 400]


def test_the_duration_is_that_of_the_request(as_json):
    [line] = lines_after(as_json, request("/do/busy/0.05"))
    assert json.loads(line)["duration_us"] >= 50_000


def test_the_id_is_the_error_logs(as_json):
    [line] = lines_after(as_json, request("/do/failure?same-id"))
    wanted = json.loads(line)["request_id"]
    assert f"request {wanted}," in as_json.wait_for_log("/do/failure?same-id")


# Templates


def test_a_template_decides_what_a_line_is(make_guavad):
    template = "{status} {method} {path} [{query}] {version} {bytes} <{host}> {client}"
    guavad = logging_engine(make_guavad, template)
    lines = lines_after(guavad, request("/do/target?a=b") + request("/none"), 2)
    assert lines[0] == "200 GET /do/target [a=b] 1.1 14 <test> 127.0.0.1"
    assert lines[1].startswith("404 GET /none [-] 1.1 ")


def test_a_field_of_a_template_ends_where_the_template_says(make_guavad):
    guavad = logging_engine(make_guavad, "{user_agent}|{referer}|{status}")
    [line] = lines_after(guavad, request("/", "User-Agent: a|b|200", "Referer: c"))
    assert line == r"a\x7Cb\x7C200|c|200"


def test_a_format_that_is_none_is_refused(make_guavad):
    guavad = logging_engine(make_guavad, "{status} {unheard_of}", start=False)
    done = guavad.run("-t", "-c", str(guavad.config))
    assert done.returncode != 0
    assert "guava.yaml" in done.stdout + done.stderr


# The file


def test_the_log_can_be_off(make_guavad):
    guavad = engine(make_guavad, log={"error": "error.log", "access": "off"})
    assert guavad.get("/").status_code == 200
    guavad.process.send_signal(signal.SIGTERM)
    guavad.wait()
    assert not (guavad.folder / "access.log").exists()


def test_lines_in_memory_are_written_before_the_worker_leaves(make_guavad):
    guavad = engine(make_guavad)
    for number in range(20):
        guavad.get(f"/?{number}")
    guavad.process.send_signal(signal.SIGTERM)
    guavad.wait()
    assert guavad.log_text("access.log").count('"GET /?') == 20


def test_the_log_is_opened_anew_on_usr1(make_guavad):
    guavad = logging_engine(make_guavad, "combined")
    with Client(guavad.port) as client:
        assert client.ask(request("/?before")).status == 200
        old = guavad.folder / "access.log"
        moved = old.rename(guavad.folder / "access.log.1")
        guavad.signal(signal.SIGUSR1)
        guavad.eventually(old.exists, "a new access log")
        count = 0

        def is_logged_anew():
            nonlocal count
            count += 1
            assert client.ask(request(f"/?after-{count}")).status == 200
            return old.read_text()

        guavad.eventually(is_logged_anew, "a line in the new log")
    guavad.process.send_signal(signal.SIGTERM)
    guavad.wait()
    both = moved.read_text() + old.read_text()
    assert "/?before" in moved.read_text()
    logged = re.findall(r"/\?after-(\d+) ", both)
    assert logged == [str(number) for number in range(1, count + 1)]
