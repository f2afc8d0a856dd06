"""Writes docs/benchmarks.md, its plots and README's table from results.

python -m benchmark.report [--json FILE]
"""

import argparse
import shutil
import subprocess
from pathlib import Path
from string import Template

from benchmark import store, tables
from benchmark.material import BUILD
from benchmark.peers.catalogue import SERVERS
from benchmark.peers.install import make_environment
from benchmark.run import RESULTS
from benchmark.store import Results
from benchmark.targets import CPU, RATE

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
README = HERE.parent / "README.md"
FOLDER = DOCS / "benchmarks"
BEGIN, END = "<!-- targets: made by benchmark.report -->\n", "<!-- end of targets -->\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmark.report", description=__doc__)
    parser.add_argument("--json", type=Path, default=RESULTS, help="the results")
    file = parser.parse_args().json
    results = store.load(file)
    FOLDER.mkdir(exist_ok=True)
    if file.resolve() != (FOLDER / "results.json").resolve():
        shutil.copy(file, FOLDER / "results.json")
    (DOCS / "benchmarks.md").write_text(page(results))
    README.write_text(with_targets(README.read_text(), results))
    draw()


def page(results: Results) -> str:
    """The whole of docs/benchmarks.md."""
    cpu = tables.figure(CPU, ".1f")
    parts = {
        "machine": ", ".join(results.machine.values()),
        "targets": tables.targets(results),
        "hello": tables.hello(results),
        "original": tables.original(results),
        "requests": tables.matrix(results, tables.REQUESTS, cpu),
        "bodies": tables.matrix(results, tables.BODIES, cpu),
        "connections": tables.matrix(results, tables.CONNECTIONS, tables.figure(RATE)),
        "latencies": tables.latencies(results),
        "resources": tables.resources(results),
        "routes": tables.costs(results, "routes"),
        "idle": tables.costs(results, "idle"),
        "clients": tables.costs(results, "clients"),
        "sessions": tables.costs(results, "sessions"),
        "slow": tables.costs(results, "slow"),
        "even": tables.costs(results, "even"),
        "faults": tables.faults(results),
        "settings": settings(results),
    }
    return Template((HERE / "report.md").read_text()).substitute(parts)


def settings(results: Results) -> str:
    rows = [
        [peer.name, results.versions.get(peer.name, ""), peer.settings]
        for peer in SERVERS.values()
    ]
    return tables.table(["", "versions", "settings"], rows)


def with_targets(text: str, results: Results) -> str:
    """The text with its table of targets made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = ", ".join(results.machine.values())
    made = f"\n{tables.targets(results)}\n\nOn {machine}.\n"
    return before + BEGIN + made + END + after


def draw() -> None:
    """By an environment of its own, which has matplotlib."""
    environment = BUILD / "plots"
    make_environment(environment, HERE / "requirements.txt")
    python = environment / "bin" / "python"
    words = map(str, (python, "-m", "benchmark.plots", FOLDER / "results.json", FOLDER))
    subprocess.run([*words], cwd=HERE.parent, check=True)


if __name__ == "__main__":
    main()
