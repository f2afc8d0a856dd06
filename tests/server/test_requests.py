"""The corpus of tests/requests, sent to a live guavad."""

import re
import socket
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[1] / "requests"
FINAL_HEAD = re.compile(rb"HTTP/1\.1 ([2-5]\d\d) [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n")
CLOSE = b"\r\nConnection: close\r\n"
REFUSALS = {400, 408, 413, 414, 417, 431, 500, 501, 503, 505}
ANOTHER = b"GET /another HTTP/1.1\r\nHost: a\r\n\r\n"
LINES = [
    line.split()
    for line in (CORPUS / "ANSWERS").read_text().splitlines()
    if not line.startswith("#")
]
TABLE = [
    pytest.param(CORPUS / name, answers, id=name.removesuffix(".http"))
    for name, *answers in LINES
]


@pytest.fixture(scope="module")
def guavad(make_shared_guavad):
    daemon = make_shared_guavad(server={"workers": 1})
    daemon.start()
    return daemon


def read_to_end(connection):
    """All that comes until the server closes."""
    parts = []
    while True:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts)


def check(output, answers):
    """Statuses stand in the output as the table has them, and no more; what is refused
    says that the connection ends."""
    heads = list(FINAL_HEAD.finditer(output))
    statuses = [int(head[1]) for head in heads]
    if answers[-1] == "cut":
        answers = answers[:-1]
        if len(statuses) > len(answers):
            assert statuses.pop() in {400, 408}
    assert len(statuses) == len(answers), output
    for status, answer in zip(statuses, answers, strict=True):
        if answer == "ok":
            assert status not in REFUSALS, output
        else:
            assert status == int(answer), output
            assert CLOSE in heads[-1][0], output


@pytest.mark.parametrize(("file", "answers"), TABLE)
def test_each_request_is_answered_as_the_table_says(guavad, file, answers):
    with guavad.raw() as connection:
        connection.sendall(file.read_bytes())
        if answers[-1] == "cut":
            connection.shutdown(socket.SHUT_WR)
        check(read_to_end(connection), answers)


@pytest.mark.parametrize(
    ("file", "answers"), [row for row in TABLE if row.values[1][-1] != "cut"]
)
def test_nothing_behind_the_end_is_taken_for_a_request(guavad, file, answers):
    with guavad.raw() as connection:
        connection.sendall(file.read_bytes() + ANOTHER)
        check(read_to_end(connection), answers)


@pytest.mark.parametrize(
    ("file", "answers"), [row for row in TABLE if row.values[0].stat().st_size < 400]
)
def test_each_request_is_answered_alike_when_it_comes_in_pieces(guavad, file, answers):
    data = file.read_bytes()
    with guavad.raw() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        try:
            for start in range(0, len(data), 7):
                connection.sendall(data[start : start + 7])
            if answers[-1] == "cut":
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # refused before its end, and closed
        check(read_to_end(connection), answers)


def test_the_table_names_each_file():
    files = {str(file.relative_to(CORPUS)) for file in CORPUS.glob("*/*")}
    assert {name for name, *_ in LINES} == files


def test_it_serves_on_after_all_of_them(guavad):
    assert guavad.get("/").text == "Hello World!"
    assert "died" not in guavad.log_text()
    assert "Traceback" not in guavad.log_text()
