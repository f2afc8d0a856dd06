"""Latencies at a fixed rate, by the open-loop generator rate.c."""

import json
import os
import subprocess
from pathlib import Path

from benchmark.material import BUILD
from benchmark.servers import Fault, Server
from benchmark.store import Figures
from benchmark.wrk import LOAD_CORE

SOURCE = Path(__file__).with_name("rate.c")
CONNECTIONS = 64


def latencies(server: Server, rate: int, seconds: int) -> Figures:
    """Microseconds from when a request was due to its answer, as percentiles, of `rate`
    requests a second.  Fault where the server does not keep up: where one in a thousand
    has no answer while they come."""
    words = map(str, (server.port, rate, CONNECTIONS, seconds))
    command = ["taskset", "-c", LOAD_CORE, str(compiled()), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Fault(done.stderr.strip())
    found: Figures = json.loads(done.stdout)
    if found["answered"] < 0.999 * found["due"]:
        raise Fault(f"is saturated: {found['answered'] / found['due']:.1%} answered")
    return found


def compiled() -> Path:
    """The generator, built where its source is newer."""
    program = BUILD / "rate"
    if not program.exists() or program.stat().st_mtime < SOURCE.stat().st_mtime:
        program.parent.mkdir(parents=True, exist_ok=True)
        flags = ["-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror"]
        compiler = os.environ.get("CC", "cc")
        subprocess.run([compiler, *flags, "-o", program, SOURCE], check=True)
    return program
