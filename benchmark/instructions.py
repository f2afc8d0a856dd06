"""Instructions that a request costs, counted by callgrind: equal for equal code,
whatever else the machine does.

    python -m benchmark.instructions [--json FILE]

The engine serves in a plain interpreter, without guavad around it.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
WARM_UP, COUNTED = 500, 2000
BROWSER = (
    b"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101\r\n"
    b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    b"Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
    b"Cookie: sid=0a1b2c3d4e5f60718293a4b5c6d7e8f9; theme=dark\r\n"
)
SCENARIOS = {
    "hello": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "browser headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + BROWSER + b"\r\n",
    "a number": b"GET /index/number/10 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "404": b"GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
SERVER = """\
import sys
from guava.router import MVCRouter
from guava.server import Server

sys.path.insert(0, sys.argv[1])
server = Server(port=0)
server.add_router(MVCRouter(package="controllers"))
server.bind()
print(server.port, flush=True)
server.serve()
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmark.instructions", description=__doc__)
    parser.add_argument("--json", type=Path, help="where the figures go too")
    arguments = parser.parse_args()
    figures = {name: per_request(data) for name, data in SCENARIOS.items()}
    for name, count in figures.items():
        print(f"{name:<20}{count:>10,.0f} instructions a request")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def per_request(data: bytes) -> float:
    """What starting and stopping cost is in both counts, and drops out."""
    return (count(data, WARM_UP + COUNTED) - count(data, WARM_UP)) / COUNTED


def count(data: bytes, requests: int) -> int:
    """All instructions of a server that answers so many requests."""
    with TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        command += [sys.executable, "-c", SERVER, str(HERE / "peers" / "guava")]
        environment: Mapping[str, str] = {**os.environ, "PYTHONHASHSEED": "0"}
        log = Path(folder, "log")
        with log.open("w") as errors:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, env=environment
            )
            assert process.stdout is not None
            ask(int(process.stdout.readline()), data, requests)
            process.send_signal(signal.SIGTERM)
            process.wait()
            process.stdout.close()
        found = re.search(r"Collected : (\d+)", log.read_text())
    if found is None:
        raise RuntimeError("callgrind has counted nothing; is valgrind installed?")
    return int(found[1])


def ask(port: int, data: bytes, requests: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        for _ in range(requests):
            client.sendall(data)
            head, _, body = client.recv(65536).partition(b"\r\n\r\n")
            missing = int(re.search(rb"Content-Length: (\d+)", head)[1]) - len(body)
            while missing > 0:
                missing -= len(client.recv(65536))


if __name__ == "__main__":
    main()
