"""Measures guava beside other servers.

    python -m benchmark.run [--servers NAME…] [--workloads NAME…] [--json FILE]

Each server has one worker, pinned to one core, and the load generator another.  In each
round guava is measured right before the other, so that both see the same machine, and
what is kept is every round.  Figures that are in the file already and are not measured
again stay in it, and a run that breaks off loses only what it was measuring.
`python -m benchmark.report` makes the tables and plots of it.
"""

import argparse
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmark import machine, material, store, wrk
from benchmark.loads import LOADS
from benchmark.peers.catalogue import GUAVA, SERVERS
from benchmark.peers.install import DoesNotInstall, install, versions
from benchmark.peers.peer import Peer
from benchmark.progress import Progress
from benchmark.right import faults
from benchmark.servers import Fault, started
from benchmark.store import Figures, Pair, Run
from benchmark.trials import TRIALS
from benchmark.workloads import WORKLOADS, needs, takes_part

RESULTS = material.BUILD / "results.json"


@dataclass(frozen=True)
class Effort:
    rounds: int
    seconds: int  # of each round


def main() -> None:
    arguments = parse_arguments()
    effort = Effort(arguments.rounds, arguments.seconds)
    settle_down()
    material.make()
    results = store.load(arguments.json)
    results.machine = machine.describe()
    install(GUAVA)
    plan = [
        (SERVERS[name], workload)
        for name in arguments.servers
        for workload in arguments.workloads
        if takes_part(SERVERS[name], workload)
    ]
    progress = Progress(len(plan))
    for peer in dict.fromkeys(peer for peer, _ in plan):
        wanted = [workload for other, workload in plan if other is peer]
        for workload, run in measured(peer, wanted, effort, progress):
            results.put(peer.name, workload, run)
            results.order(SERVERS)
            store.save(results, arguments.json)
            progress.say(f"{peer.name}, {workload}: {summary(run)}")
        results.versions[peer.name] = versions(peer)
        store.save(results, arguments.json)


def settle_down() -> None:
    """Keeps off the servers' core, and lets what is started have all descriptors."""
    os.sched_setaffinity(0, {int(wrk.LOAD_CORE)})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmark.run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--servers", nargs="+", choices=SERVERS, default=[*SERVERS])
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=WORKLOADS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each round")
    parser.add_argument("--json", type=Path, default=RESULTS, help="the results")
    return parser.parse_args()


def measured(
    peer: Peer, workloads: list[str], effort: Effort, progress: Progress
) -> Iterator[tuple[str, Run]]:
    """The runs of a peer; where it does not install, each with that as its fault."""
    progress.show(f"{peer.name}: install")
    try:
        install(peer)
    except DoesNotInstall as error:
        for workload in workloads:
            progress.step(peer.name)
            yield workload, Run(fault=f"does not install: {error}")
        return
    wrong = faults(peer)
    for workload in workloads:
        progress.show(f"{peer.name}: {workload}")
        fault = wrong.get(needs(workload))
        yield workload, Run(fault=fault) if fault else run_of(peer, workload, effort)
        progress.step(peer.name)


def run_of(peer: Peer, workload: str, effort: Effort) -> Run:
    """All rounds, or the fault that ended them."""
    try:
        if workload in LOADS:
            return Run(list(load_rounds(peer, workload, effort)))
        return Run(list(trial_rounds(peer, workload, effort)))
    except Fault as fault:
        return Run(fault=str(fault))
    except (OSError, subprocess.TimeoutExpired) as error:
        return Run(fault=f"breaks off: {error}")


def load_rounds(peer: Peer, workload: str, effort: Effort) -> Iterator[Pair]:
    load = LOADS[workload]
    seconds = load.seconds or effort.seconds
    with started(GUAVA) as guava, started(peer) as server:
        for warmed in (guava, server):
            wrk.warm_up(warmed, load)
        for _ in range(1 if load.seconds else effort.rounds):
            yield pair(
                lambda: wrk.measure(guava, load, seconds),
                lambda: wrk.measure(server, load, seconds),
            )


def trial_rounds(peer: Peer, workload: str, effort: Effort) -> Iterator[Pair]:
    trial = TRIALS[workload]
    for _ in range(effort.rounds):
        yield pair(
            lambda: trial.measure(GUAVA, effort.seconds),
            lambda: trial.measure(peer, effort.seconds),
        )


def pair(ours: Callable[[], Figures], theirs: Callable[[], Figures]) -> Pair:
    """A round.  The Fault of one that guava fails in says that it was guava."""
    try:
        figures = ours()
    except Fault as fault:
        raise Fault(f"guava {fault}") from fault
    return Pair(figures, theirs())


def summary(run: Run) -> str:
    if run.fault:
        return run.fault
    names = run.rounds[0].server
    return ", ".join(f"{name} {run.value(name):,.1f}" for name in names)


if __name__ == "__main__":
    main()
