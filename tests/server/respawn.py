"""How long the place of a killed worker is empty."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from http_client import Client, request

BUSY = 4  # how much longer things may take on a machine with other work
GROWN_UP = 1.1  # seconds; one that dies before a second is up is replaced more slowly


def respawn_times(guavad: Any, count: int) -> list[float]:
    """Seconds from the killing of the only worker to an answer of the next one."""
    times = []
    for _ in range(count):
        time.sleep(GROWN_UP)
        victim = int(guavad.get("/act/pid").text)
        start = time.perf_counter()
        os.kill(victim, signal.SIGKILL)
        with Client(guavad.port) as client:
            answer = client.ask(request("/act/pid"))
        times.append(time.perf_counter() - start)
        assert int(answer.text) != victim
    print("seconds until the next answer:", times)
    return times
