"""Tables in Markdown of what was measured."""

from collections.abc import Callable, Iterable, Sequence

from benchmark.store import Results, Run
from benchmark.targets import CPU, RATE, TARGETS, NotMeasured

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


def cell(run: Run | None, show: Cell) -> str:
    """Nothing where a server has no such thing, its fault where it failed; a dagger
    where some of its requests did."""
    if run is None:
        return ""
    if run.fault or not run.rounds:
        return f"*{(run.fault or 'not measured').partition(':')[0]}*"
    dagger = "†" if any(pair.server.get("failed") for pair in run.rounds) else ""
    return show(run) + dagger


def figure(name: str, form: str = ",.0f") -> Cell:
    return lambda run: format(run.value(name), form)


def matrix(results: Results, columns: dict[str, str], show: Cell) -> str:
    """Servers down, workloads across."""
    rows = [
        [name, *(cell(runs.get(workload), show) for workload in columns)]
        for name, runs in results.runs.items()
        if any(workload in runs for workload in columns)
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
    """By CPU, the least first; those that failed last."""
    found = [(name, runs["hello"]) for name, runs in results.runs.items()]
    found.sort(key=lambda item: item[1].value(CPU) if item[1].rounds else 1e9)
    rows = [
        [
            name,
            cell(run, figure(RATE)),
            cell(run, figure(CPU, ".2f")) if run.rounds else "",
            cell(run, lambda run: f"{run.ratio(CPU):.2f}") if run.rounds else "",
        ]
        for name, run in found
    ]
    return table(["", "requests/s", "CPU µs a request", "guava's by it"], rows)


def latencies(results: Results) -> str:
    head = [""]
    head += [f"{rate}, {name}" for rate in LATENCIES.values() for name in PERCENTILES]
    rows = []
    for server, runs in results.runs.items():
        row = [server]
        for workload in LATENCIES:
            for name in PERCENTILES:
                row.append(cell(runs.get(workload), figure(name)))
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
        [name, *(cell(runs.get(workload), show) for _, workload, show in columns)]
        for name, runs in results.runs.items()
    ]
    return table(["", *(title for title, _, _ in columns)], rows)


def costs(results: Results, workload: str) -> str:
    """A row a server, by the sizes that a trial has tried."""
    rows, head = [], [""]
    for name, runs in results.runs.items():
        run = runs.get(workload)
        if run is not None and run.rounds:
            sizes = list(run.rounds[0].server)
            head = ["", *(with_commas(size) for size in sizes)]
            rows.append([name, *(f"{run.value(size):.2f}" for size in sizes)])
    return table(head, rows)


def with_commas(text: str) -> str:
    return f"{int(text):,}" if text.isdecimal() else text


def original(results: Results) -> str:
    found = [
        (name, runs["original"])
        for name, runs in results.runs.items()
        if "original" in runs
    ]
    rows = [
        [name, cell(run, figure(RATE)), cell(run, figure(CPU, ".2f"))]
        for name, run in sorted(found, key=lambda item: rate_of(item[1]))
    ]
    return table(["", "requests/s", "CPU µs a request"], rows)


def rate_of(run: Run) -> float:
    return run.value(RATE) if run.rounds else 0


def faults(results: Results) -> str:
    """All that failed, in full."""
    lines = [
        f"- {server}, {workload}: {run.fault}"
        for server, runs in results.runs.items()
        for workload, run in runs.items()
        if run.fault
    ]
    return "\n".join(lines) or "None."
