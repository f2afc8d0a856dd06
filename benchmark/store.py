"""The file of results: what was measured, of whom, and on which machine.

A run has its rounds, and each round what guava gave and what the server gave right
after it; or it has a fault, which says how the server failed.  guava is measured beside
itself too: that tells how far the figures of equals are apart.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

Figures = dict[str, float]


@dataclass
class Pair:
    guava: Figures
    server: Figures


@dataclass
class Run:
    """All rounds of one server and workload."""

    rounds: list[Pair] = field(default_factory=list)
    fault: str | None = None

    def value(self, name: str) -> float:
        """The median over the rounds of a figure of the server."""
        return median(pair.server[name] for pair in self.rounds)

    def ratio(self, name: str) -> float:
        """The median over the rounds of guava's figure by the server's."""
        return median(pair.guava[name] / pair.server[name] for pair in self.rounds)

    def growth(self, first: str, other: str) -> float:
        """The median over the rounds of one figure of the server by another."""
        return median(pair.server[other] / pair.server[first] for pair in self.rounds)

    def fault_in_short(self) -> str | None:
        """The fault without what is behind its colon."""
        return self.fault.partition(":")[0] if self.fault else None

    def has_failures(self) -> bool:
        """Whether some requests failed, of either."""
        both = (
            figures for pair in self.rounds for figures in (pair.guava, pair.server)
        )
        return any(figures.get("failed") for figures in both)


@dataclass
class Results:
    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    runs: dict[str, dict[str, Run]] = field(default_factory=dict)

    def put(self, server: str, workload: str, run: Run) -> None:
        self.runs.setdefault(server, {})[workload] = run

    def order(self, servers: Iterable[str]) -> None:
        """Has the servers stand in that order, whenever each was measured."""
        self.runs = {name: self.runs[name] for name in servers if name in self.runs}

    def get(self, server: str, workload: str) -> Run | None:
        """guava's, where it was not measured beside itself, is made of its figures
        beside the others."""
        run = self.runs.get(server, {}).get(workload)
        if run is None and server == "guava":
            return self._guava_beside_others(workload)
        return run

    def _guava_beside_others(self, workload: str) -> Run | None:
        runs = [runs[workload] for runs in self.runs.values() if workload in runs]
        pairs = [Pair(pair.guava, pair.guava) for run in runs for pair in run.rounds]
        return Run(pairs) if pairs else None


def load(file: Path) -> Results:
    """What is in the file, or nothing where there is none."""
    if not file.exists():
        return Results()
    kept = json.loads(file.read_text())
    results = Results(kept["machine"], kept["versions"])
    for server, workloads in kept["runs"].items():
        for workload, run in workloads.items():
            pairs = [Pair(**pair) for pair in run["rounds"]]
            results.put(server, workload, Run(pairs, run["fault"]))
    return results


def save(results: Results, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(results), indent=1) + "\n")
