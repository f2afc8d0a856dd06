"""The load generator wrk, pinned to a core of its own."""

import http.client
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.machine import Cpu, cpu
from benchmark.servers import LOCAL, Fault, Server, ended
from benchmark.store import Figures

LOAD_CORE = "1"
SCRIPT = Path(__file__).with_name("wrk.lua")
FAULTS = ("connect", "read", "write", "timeout")
REFUSED = r"Non-2xx or 3xx responses: (\d+)"
WARM_UP = 1  # seconds
MOST_FAILED = 0.01  # of the requests of a load that counts


@dataclass(frozen=True)
class Load:
    """What is asked of a server, and how."""

    needs: str  # what the application must have
    paths: Sequence[str] = ("/",)
    method: str = "GET"
    headers: Mapping[str, str] | None = None
    body: str = ""
    size: int = 0  # of a body of that many bytes, in place of `body`
    depth: int = 1  # requests that are sent at once
    closes: bool = False  # the server is asked to close behind each answer
    connections: int = 64
    threads: int = 1
    seconds: int | None = None  # how long, whatever the command line says
    first: str | None = None  # what is asked before, whose cookies are sent back

    @property
    def is_plain(self) -> bool:
        """Whether wrk sends it without a script."""
        return self.method == "GET" and self.depth == 1 and len(self.paths) == 1


def warm_up(server: Server, load: Load) -> None:
    """Has the server under load for a while; Fault as measure()."""
    measure(server, load, WARM_UP)


def measure(server: Server, load: Load, seconds: int) -> Figures:
    """Runs wrk once.  In the figures: requests a second, microseconds of CPU of all the
    server's processes for each request, those outside the kernel among them, and how
    many requests failed.  Fault where there is no answer at all."""
    fields = dict(load.headers or {})
    if load.first:
        fields["Cookie"] = cookie(server, load.first)
    pids = server.processes()
    before = cpu(pids)
    output = run(server, load, fields, seconds)
    if gone := set(pids) - set(server.processes()):
        raise Fault(f"loses {len(gone)} of its processes")
    used = cpu(pids).since(before)
    return figures(output, used, load)


def figures(output: str, used: Cpu, load: Load) -> Figures:
    """What wrk's output says of a load that used so much CPU."""
    requests = number(r"(\d+) requests in", output)
    refused, broken = number(REFUSED, output, 0), breaks(output)
    if load.closes:  # which a server need not announce, and wrk takes for a break then
        broken = max(0.0, broken - requests)
    if requests == 0 or (load.depth > 1 and requests <= load.connections):
        raise Fault("stalls")
    if refused + broken > MOST_FAILED * requests:
        failed = f"{refused:,.0f} errors and {broken:,.0f} breaks"
        raise Fault(f"errs: {failed} for {requests:,.0f} answers")
    answered = requests - refused
    rate = number(r"Requests/sec:\s+([\d.]+)", output)
    return {
        "requests_per_second": rate * answered / requests,
        "cpu_microseconds": (used.user + used.system) * 1e6 / answered,
        "user_microseconds": used.user * 1e6 / answered,
        "failed": refused + broken,
    }


def breaks(output: str) -> float:
    """Connections that were not made, broke or had no answer in time."""
    line = re.search(r"Socket errors: (.*)", output)
    return sum(number(rf"{name} (\d+)", line[1]) for name in FAULTS) if line else 0.0


def run(server: Server, load: Load, fields: Mapping[str, str], seconds: int) -> str:
    command = ["taskset", "-c", LOAD_CORE, "wrk"]
    command += [f"-t{load.threads}", f"-c{load.connections}", f"-d{seconds}s"]
    command += [f"-H{name}: {value}" for name, value in fields.items()]
    command.append(server.url(load.paths[0]))
    if not load.is_plain:
        command += [f"-s{SCRIPT}", "--", *load.paths]
    variables = {
        "METHOD": load.method,
        "DEPTH": str(load.depth),
        "BODY": load.body,
        "SIZE": str(load.size),
    }
    done = subprocess.run(
        command,
        env=os.environ | variables,
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds + 60,
    )
    if done.returncode != 0:
        raise Fault("dies" if ended(server.pid) else "refuses connections")
    return done.stdout


def cookie(server: Server, path: str) -> str:
    """The cookies that a first answer sets, as a client sends them back."""
    connection = http.client.HTTPConnection(LOCAL, server.port, timeout=5)
    try:
        connection.request("GET", path)
        set_cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
    except (OSError, http.client.HTTPException) as error:
        raise Fault("errs") from error
    finally:
        connection.close()
    return "; ".join(text.partition(";")[0] for text in set_cookies)


def number(pattern: str, text: str, default: float | None = None) -> float:
    found = re.search(pattern, text)
    if found is not None:
        return float(found[1])
    if default is None:
        raise RuntimeError(f"wrk printed no {pattern}:\n{text}")
    return default
