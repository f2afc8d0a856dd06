"""Draws what was measured: python -m benchmark.plots RESULTS FOLDER.

The pictures have no background, and colours that are read on light and on dark pages.
"""

import sys
from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt

from benchmark import store
from benchmark.store import Results, Run
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

Show = Callable[[Run], float]
PLOTS: dict[str, tuple[Show, str]] = {
    "hello": (lambda run: 1 / run.ratio(CPU), "CPU of a request, by guava's"),
    "original": (lambda run: run.value(RATE), "requests/s"),
    "latency": (lambda run: run.value("p99.9"), "p99.9, µs"),
    "connection": (lambda run: run.value("bytes"), "bytes"),
}


def main() -> None:
    results, folder = store.load(Path(sys.argv[1])), Path(sys.argv[2])
    plt.rcParams.update(STYLE)
    for workload, (show, unit) in PLOTS.items():
        bars(shown(results, workload, show), unit, folder / f"{workload}.svg")


def shown(results: Results, workload: str, show: Show) -> dict[str, float | str]:
    """A value for each server, or its fault where it failed."""
    runs = {server: results.get(server, workload) for server in results.runs}
    return {
        server: run.fault_in_short() or show(run)
        for server, run in runs.items()
        if run is not None
    }


def bars(found: Mapping[str, float | str], unit: str, file: Path) -> None:
    """A bar a server, the shortest on top, and below them those that failed; on a scale
    of powers of ten where they are far apart."""
    lengths = {name: value for name, value in found.items() if isinstance(value, float)}
    if not lengths:
        return
    names = sorted(found, key=lambda name: lengths.get(name, inf))
    figure, axes = plt.subplots(figsize=(6.4, 0.22 * len(names) + 0.7))
    colours = [OURS if name == "guava" else OTHERS for name in names]
    shortest, longest = min(lengths.values()), max(lengths.values())
    widths = [lengths.get(name, 0) for name in names]
    drawn = axes.barh(names, widths, color=colours, height=0.7)
    axes.bar_label(drawn, [f" {text(found[name])}" for name in names], fontsize=8)
    axes.set_xlabel(unit)
    axes.invert_yaxis()
    axes.margins(x=0.12, y=0.01)
    if longest > 20 * shortest:
        axes.set_xscale("log")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def text(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


if __name__ == "__main__":
    main()
