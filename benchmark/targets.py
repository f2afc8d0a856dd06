"""What guava is to reach, as ratios within one run, and whether it does."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmark.store import Results, Run

CPU, RATE = "cpu_microseconds", "requests_per_second"
FLAT = 1.1


class NotMeasured(Exception):
    """The results lack what a target is about."""


@dataclass(frozen=True)
class Target:
    name: str
    bound: float
    measure: Callable[[Results], float]
    unit: str = "×"
    at_most: bool = True  # or at least

    def is_reached(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


def run(results: Results, server: str, workload: str) -> Run:
    """NotMeasured where there are no rounds."""
    found = results.get(server, workload)
    if found is None or not found.rounds:
        raise NotMeasured(f"{server}, {workload}")
    return found


def ratio(server: str, workload: str, name: str) -> Callable[[Results], float]:
    """guava's figure by the server's."""
    return lambda results: run(results, server, workload).ratio(name)


def own(workload: str, name: str) -> Callable[[Results], float]:
    return lambda results: run(results, "guava", workload).value(name)


def own_growth(workload: str) -> Callable[[Results], float]:
    """The dearest by the cheapest of the sizes that a trial has tried.  Each size is
    taken by the first, in the same round."""

    def measure(results: Results) -> float:
        costs = run(results, "guava", workload)
        first, *others = filter(str.isdecimal, costs.rounds[0].server)
        growth = [1.0, *(costs.growth(first, size) for size in others)]
        return max(growth) / min(growth)

    return measure


def worst_of_peers(workload: str, name: str) -> Callable[[Results], float]:
    """The largest of guava's ratios to the servers, nginx and itself left out."""

    def measure(results: Results) -> float:
        ratios = [
            runs[workload].ratio(name)
            for server, runs in results.runs.items()
            if server not in ("guava", "nginx") and measured(runs.get(workload))
        ]
        if not ratios:
            raise NotMeasured(workload)
        return max(ratios)

    return measure


def least_of_original(results: Results) -> float:
    """The smallest of guava's ratios in the table of its predecessor: whichever server
    comes nearest to it."""
    found = [
        runs["original"].ratio(RATE)
        for server, runs in results.runs.items()
        if server != "guava" and measured(runs.get("original"))
    ]
    if not found:
        raise NotMeasured("original")
    return min(found)


def measured(found: Run | None) -> bool:
    return found is not None and bool(found.rounds)


TARGETS = (
    Target("hello, CPU by nginx's", 1.0, ratio("nginx", "hello", CPU)),
    Target(
        "hello, CPU by that of the best other server", 1.0, worst_of_peers("hello", CPU)
    ),
    Target(
        "a route with an argument among 1,000, requests/s by Falcon's on bjoern",
        1.7,
        ratio("Falcon on bjoern", "argument", RATE),
        at_most=False,
    ),
    Target(
        "the same by Starlette's on uvicorn",
        3.0,
        ratio("Starlette on uvicorn", "argument", RATE),
        at_most=False,
    ),
    Target(
        "16 deep pipelined, requests/s by nginx's",
        5.0,
        ratio("nginx", "pipelined", RATE),
        at_most=False,
    ),
    Target(
        "p99.9 at 20,000 requests/s by nginx's", 1.5, ratio("nginx", "latency", "p99.9")
    ),
    Target("an idle connection", 600, own("connection", "bytes"), "bytes"),
    Target(
        "the example's first answer after exec",
        150,
        own("start-example", "milliseconds"),
        "ms",
    ),
    Target("10 to 10,000 routes, dearest by cheapest", FLAT, own_growth("routes")),
    Target("0 to 10,000 idle clients, likewise", FLAT, own_growth("idle")),
    Target("64 to 10,000 clients, likewise", FLAT, own_growth("clients")),
    Target(
        "the original's table, requests/s by the nearest other",
        1.0,
        least_of_original,
        at_most=False,
    ),
)
