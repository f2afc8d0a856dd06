"""Draws what was measured: python -m benchmark.plots RESULTS FOLDER.

The pictures have no background, and colours that are read on light and on dark pages.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt

from benchmark import store
from benchmark.store import Results
from benchmark.targets import CPU, RATE

GREY, OURS, OTHERS = "#808080", "#3f9142", "#7a93ad"
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "guava",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": GREY,
    "axes.labelcolor": GREY,
    "axes.edgecolor": GREY,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "savefig.transparent": True,
}


def main() -> None:
    results, folder = store.load(Path(sys.argv[1])), Path(sys.argv[2])
    plt.rcParams.update(STYLE)
    bars(values(results, "hello", CPU), "CPU µs a request", folder / "hello.svg")
    bars(values(results, "original", RATE), "requests/s", folder / "original.svg")
    bars(values(results, "latency", "p99.9"), "p99.9, µs", folder / "latency.svg")
    bars(values(results, "connection", "bytes"), "bytes", folder / "connection.svg")


def values(results: Results, workload: str, name: str) -> dict[str, float]:
    """The medians of those that did not fail."""
    runs = {server: results.get(server, workload) for server in results.runs}
    return {
        server: run.value(name) for server, run in runs.items() if run and run.rounds
    }


def bars(found: Mapping[str, float], unit: str, file: Path) -> None:
    """A bar a server, the shortest on top; on a scale of powers of ten where they are
    far apart."""
    names = sorted(found, key=found.__getitem__)
    if not names:
        return
    figure, axes = plt.subplots(figsize=(6.4, 0.22 * len(names) + 0.7))
    colours = [OURS if name == "guava" else OTHERS for name in names]
    drawn = axes.barh(names, [found[name] for name in names], color=colours, height=0.7)
    axes.bar_label(drawn, [f" {short(found[name])}" for name in names], fontsize=8)
    axes.set_xlabel(unit)
    axes.invert_yaxis()
    axes.margins(x=0.12, y=0.01)
    if found[names[-1]] > 20 * max(found[names[0]], 1):
        axes.set_xscale("log")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


if __name__ == "__main__":
    main()
