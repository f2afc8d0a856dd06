"""The load generator: wrk, pinned to a core of its own."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.machine import cpu_seconds
from benchmark.servers import Server

LOAD_CORE = "1"
CONNECTIONS = 64
SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Load:
    """What is asked of a server."""

    paths: Sequence[str] = ("/",)
    headers: Mapping[str, str] | None = None
    depth: int = 1  # requests that are sent at once


@dataclass(frozen=True)
class Sample:
    """What one run measured."""

    requests_per_second: float
    cpu_microseconds: float  # of the worker, for each request


def measure(server: Server, load: Load, seconds: float) -> Sample:
    """Runs wrk once.  Raises RuntimeError where an answer is not 200."""
    before = cpu_seconds(server.worker)
    output = run_wrk(server, load, seconds)
    used = cpu_seconds(server.worker) - before
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{server.name} failed under load:\n{output}")
    return Sample(
        requests_per_second=number(r"Requests/sec:\s+([\d.]+)", output),
        cpu_microseconds=used * 1e6 / number(r"(\d+) requests in", output),
    )


def run_wrk(server: Server, load: Load, seconds: float) -> str:
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}"]
    command.append(f"-d{seconds:g}s")
    for name, value in (load.headers or {}).items():
        command.append(f"-H{name}: {value}")
    command.append(server.url(load.paths[0]))
    if load.depth > 1 or len(load.paths) > 1:
        command += [f"-s{SCRIPT}", "--", *load.paths]
    return subprocess.run(
        command,
        env={**os.environ, "DEPTH": str(load.depth)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"wrk printed no {pattern}:\n{text}")
    return float(found[1])
