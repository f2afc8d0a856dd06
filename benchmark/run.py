"""Measures guavad and nginx in the same run, in alternating rounds.

Each server has one worker, pinned to one core, and wrk another.  What is printed is
the median of all rounds.  `--json FILE` keeps the figures.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmark import even, idle, machine, report, session, slow
from benchmark.files import site
from benchmark.load import Load, Sample, measure
from benchmark.servers import Server, guavad, nginx, nginx_files
from benchmark.table import config as table

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "conf" / "guava.yaml"
EXAMPLE_PORT = 8000
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://localhost/post/view/10",
    "Cookie": "sid=0a1b2c3d4e5f60718293a4b5c6d7e8f9; theme=dark",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Priority": "u=0, i",
}
SCENARIOS = {
    "hello": Load(),
    "ten browser headers": Load(headers=BROWSER),
    "16 deep pipelined": Load(depth=16),
}
TABLES = (10, 10_000)
ASKED_PATHS = 10

Medians = dict[str, dict[str, float]]  # of a Sample's fields, by server


def main() -> None:
    arguments = parse_arguments()
    results = {
        "machine": machine.describe(),
        "load": measure_peers(arguments) | measure_files(arguments),
        "tables": measure_tables(arguments),
        "sessions": measure_sessions(arguments),
        "memory": measure_memory(),
        "latencies": measure_latencies(arguments),
        "even load": even.measure(arguments.rounds),
    }
    report.show(results)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmark.run", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of each round")
    parser.add_argument("--json", type=Path, help="where the figures go too")
    return parser.parse_args()


def measure_peers(arguments: argparse.Namespace) -> dict[str, Medians]:
    """Each scenario's figures by server."""
    with guavad(HERE / "hello" / "guava.yaml") as ours, nginx() as theirs:
        return {
            scenario: alternate(dict.fromkeys((ours, theirs), load), arguments)
            for scenario, load in SCENARIOS.items()
        }


def measure_files(arguments: argparse.Namespace) -> dict[str, Medians]:
    """Each scenario's figures of static files by server."""
    with TemporaryDirectory() as folder:
        config, public = site.write(Path(folder))
        asked = site.scenarios()
        first = next(iter(asked.values())).paths[0]
        with (
            guavad(config, path=first) as ours,
            nginx_files(public, first) as theirs,
        ):
            return {
                scenario: alternate(dict.fromkeys((ours, theirs), load), arguments)
                for scenario, load in asked.items()
            }


def measure_tables(arguments: argparse.Namespace) -> Medians:
    """The figures of guavad with each size of table."""
    with TemporaryDirectory() as folder:
        files = {count: Path(folder, f"{count}.yaml") for count in TABLES}
        for count, file in files.items():
            table.write(file, count)
        few, many = TABLES
        path = table.paths(1)[0]
        with (
            guavad(files[few], f"{few:,} routes", path) as small,
            guavad(files[many], f"{many:,} routes", path) as large,
        ):
            return alternate({small: asked(few), large: asked(many)}, arguments)


def measure_sessions(arguments: argparse.Namespace) -> Medians:
    """The figures of guavad by what an action does with its session."""
    with guavad(HERE / "session" / "guava.yaml") as ours:
        return alternate(session.loads(ours), arguments)


def asked(count: int) -> Load:
    """Requests for paths from all over a table."""
    return Load(paths=table.paths(count)[:: count // ASKED_PATHS])


def alternate(loads: Mapping[Server, Load], arguments: argparse.Namespace) -> Medians:
    """Round by round each server in turn; the medians by server."""
    samples: dict[str, list[Sample]] = {server.name: [] for server in loads}
    for server, load in loads.items():
        measure(server, load, seconds=1)
    for _ in range(arguments.rounds):
        for server, load in loads.items():
            samples[server.name].append(measure(server, load, arguments.seconds))
    return {name: medians(list(map(asdict, taken))) for name, taken in samples.items()}


def medians(rows: list[dict[str, float]]) -> dict[str, float]:
    return {key: median(row[key] for row in rows) for key in rows[0]}


def measure_latencies(arguments: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Medians of a normal client's latencies, alone and among slow clients."""
    samples: dict[str, list[dict[str, float]]] = {}
    with guavad(HERE / "hello" / "guava.yaml") as ours, nginx() as theirs:
        for _ in range(arguments.rounds):
            for server in (ours, theirs):
                for crowd in (0, slow.CROWD):
                    name = f"{server.name}, {crowd:,} slow clients"
                    taken = slow.latencies(server, crowd)
                    samples.setdefault(name, []).append(taken)
    return {name: medians(rows) for name, rows in samples.items()}


def measure_memory() -> dict[str, dict[str, float]]:
    """Bytes, by server."""
    found = {}
    for start in (partial(guavad, HERE / "hello" / "guava.yaml"), nginx):
        with start() as server:
            found[server.name] = {
                "worker": machine.memory(server.worker)["rss"],
                "idle connection": idle.bytes_per_connection(server),
            }
    with guavad(EXAMPLE, port=EXAMPLE_PORT) as server:
        found["guavad, the example"] = {"worker": machine.memory(server.worker)["rss"]}
    return found


if __name__ == "__main__":
    main()
