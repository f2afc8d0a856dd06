"""Tables in Markdown of what was measured."""

from collections.abc import Callable, Iterable, Sequence
from math import inf

from benchmark.peers.catalogue import SERVERS
from benchmark.store import Results, Run
from benchmark.targets import CPU, RATE, TARGETS, NotMeasured
from benchmark.workloads import takes_part

REQUESTS = {
    "hello": "hello",
    "browser": "ten headers",
    "argument": "argument",
    "json": "JSON",
    "session": "session",
    "form": "form",
}
BODIES = {
    "upload-1k": "1 KiB up",
    "upload-64k": "64 KiB up",
    "upload-1m": "1 MiB up",
    "file-10k": "10 KiB file",
    "file-1m": "1 MiB file",
    "file-known": "known file",
}
CONNECTIONS = {
    "pipelined": "16 deep",
    "one-shot": "one-shot",
    "clients-1000": "1,000 clients",
    "clients-10000": "10,000 clients",
}
LATENCIES = {"latency": "20,000/s", "latency-slow": "2,000/s"}
PERCENTILES = ("p50", "p99", "p99.9")

Cell = Callable[[Run], str]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column to the left, all others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def cell(results: Results, server: str, workload: str, show: Cell) -> str:
    """Nothing where a server has no such thing, its fault where it failed; a dagger
    where some requests did, its own or guava's beside it."""
    run = results.get(server, workload)
    if run is None:
        return "not measured" if takes_part(SERVERS[server], workload) else ""
    if fault := run.fault_in_short():
        return f"*{fault}*"
    return show(run) + ("†" if run.has_failures() else "")


def figure(name: str, form: str = ",.0f") -> Cell:
    return lambda run: format(run.value(name), form)


def matrix(results: Results, columns: dict[str, str], show: Cell) -> str:
    """Servers down, workloads across."""
    rows = [
        [server, *(cell(results, server, workload, show) for workload in columns)]
        for server in results.runs
        if any(results.get(server, workload) for workload in columns)
    ]
    return table(["", *columns.values()], rows)


def targets(results: Results) -> str:
    rows = []
    for target in TARGETS:
        sign = "≤" if target.at_most else "≥"
        row = [target.name, f"{sign} {target.bound:g} {target.unit}"]
        try:
            value = target.measure(results)
        except NotMeasured:
            rows.append([*row, "not measured", ""])
        else:
            reached = "yes" if target.is_reached(value) else "**no**"
            rows.append([*row, f"{value:.3g} {target.unit}", reached])
    return table(["", "to reach", "measured", "reached"], rows)


def hello(results: Results) -> str:
    """By CPU beside guava, the least first; those that failed last."""
    columns = (figure(RATE), figure(CPU, ".2f"), lambda run: f"{run.ratio(CPU):.2f}")
    rows = [
        [server, *(cell(results, server, "hello", show) for show in columns)]
        for server in sorted(results.runs, key=lambda server: cost(results, server))
    ]
    return table(["", "requests/s", "CPU µs a request", "guava's by it"], rows)


def cost(results: Results, server: str) -> float:
    run = results.get(server, "hello")
    return 1 / run.ratio(CPU) if run is not None and run.rounds else inf


def latencies(results: Results) -> str:
    head = [""]
    head += [f"{rate}, {name}" for rate in LATENCIES.values() for name in PERCENTILES]
    rows = []
    for server in results.runs:
        row = [server]
        for workload in LATENCIES:
            row += [
                cell(results, server, workload, figure(name)) for name in PERCENTILES
            ]
        rows.append(row)
    return table(head, rows)


def megabytes(name: str) -> Cell:
    return lambda run: f"{run.value(name) / 1e6:.1f}"


def resources(results: Results) -> str:
    columns: list[tuple[str, str, Cell]] = [
        ("first answer, ms", "start", figure("milliseconds")),
        ("reload, ms", "reload", figure("milliseconds")),
        ("1 worker, MB", "memory", megabytes("workers_1")),
        ("8 workers, MB", "memory", megabytes("workers_8")),
        ("idle connection, bytes", "connection", figure("bytes")),
    ]
    rows = [
        [server, *(cell(results, server, name, show) for _, name, show in columns)]
        for server in results.runs
    ]
    return table(["", *(title for title, _, _ in columns)], rows)


def costs(results: Results, workload: str) -> str:
    """A row a server, by the sizes that a trial has tried."""
    rows, head = [], [""]
    for name in results.runs:
        run = results.get(name, workload)
        if run is not None and run.rounds:
            sizes = list(run.rounds[0].server)
            head = ["", *(with_commas(size) for size in sizes)]
            rows.append([name, *(f"{run.value(size):.2f}" for size in sizes)])
    return table(head, rows)


def with_commas(text: str) -> str:
    return f"{int(text):,}" if text.isdecimal() else text


def original(results: Results) -> str:
    """By requests a second, the most last, as its table was."""
    found = [server for server in results.runs if results.get(server, "original")]
    rows = [
        [
            server,
            cell(results, server, "original", figure(RATE)),
            cell(results, server, "original", figure(CPU, ".2f")),
            cell(results, server, "original", lambda run: f"{run.ratio(RATE):.2f}"),
        ]
        for server in sorted(found, key=lambda server: rate(results, server))
    ]
    head = ["", "requests/s", "CPU µs a request", "guava's requests/s by it"]
    return table(head, rows)


def rate(results: Results, server: str) -> float:
    run = results.get(server, "original")
    return run.value(RATE) if run is not None and run.rounds else 0


def faults(results: Results) -> str:
    """All that failed, in full."""
    lines = [
        f"- {server}, {workload}: {run.fault}"
        for server, runs in results.runs.items()
        for workload, run in runs.items()
        if run.fault
    ]
    return "\n".join(lines) or "None."
