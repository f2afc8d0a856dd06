"""What the kernel tells of processes, and of this machine."""

import os
import platform
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (proc(5), fields 14 and 15)."""
    text = Path(f"/proc/{pid}/stat").read_text()
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def memory(pid: int) -> dict[str, int]:
    """Bytes that a process holds: `rss` all, `uss` what nobody shares with it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(size.split()[0]) * 1024 for name, size in map(split, lines)}
    private = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return {"rss": sizes["Rss"], "uss": private}


def split(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value


def children(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def describe() -> dict[str, str]:
    """The processor, kernel and Python that the figures belong to."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "processor": f"{len(names)} x {names[0]}" if names else platform.machine(),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }
