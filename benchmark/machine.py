"""What the kernel tells of processes, and of this machine."""

import os
import platform
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
GONE = (FileNotFoundError, ProcessLookupError)


class Cpu(NamedTuple):
    """Seconds that processes have run, themselves and the kernel for them."""

    user: float
    system: float

    def since(self, before: "Cpu") -> "Cpu":
        return Cpu(self.user - before.user, self.system - before.system)


def cpu(pids: Iterable[int]) -> Cpu:
    """Of all these processes so far (proc(5), fields 14 and 15 of stat)."""
    user = system = 0
    for pid in pids:
        with suppress(*GONE):
            text = Path(f"/proc/{pid}/stat").read_text()
            fields = text.rpartition(")")[2].split()
            user += int(fields[11])
            system += int(fields[12])
    return Cpu(user / TICKS_PER_SECOND, system / TICKS_PER_SECOND)


def memory(pids: Iterable[int]) -> dict[str, int]:
    """Bytes that processes hold together: `pss` with their part of what is shared,
    `uss` without."""
    held = {"pss": 0, "uss": 0}
    for pid in pids:
        with suppress(*GONE):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
            sizes = {
                name: int(size.split()[0]) * 1024 for name, size in map(split, lines)
            }
            held["pss"] += sizes["Pss"]
            held["uss"] += sizes["Private_Clean"] + sizes["Private_Dirty"]
    return held


def split(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value


def tree(pid: int) -> list[int]:
    """A process and all that it and its children have started."""
    return [pid, *(below for child in children(pid) for below in tree(child))]


def children(pid: int) -> list[int]:
    """Those of all its threads."""
    found: list[int] = []
    with suppress(*GONE):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def describe() -> dict[str, str]:
    """The day, and the processor, kernel and Python that the figures belong to."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "day": time.strftime("%Y-%m-%d"),
        "processor": f"{len(names)} x {names[0]}" if names else platform.machine(),
        "kernel": f"Linux {platform.release()}",
        "python": f"Python {platform.python_version()}",
    }
