"""Prints what was measured."""

from collections.abc import Mapping
from typing import Any

Figures = Mapping[str, Any]


def show(results: Figures) -> None:
    print(", ".join(results["machine"].values()))
    print()
    for scenario, servers in results["load"].items():
        show_load(scenario, servers)
    show_load("a table router", results["tables"])
    show_sessions(results["sessions"])
    for server, sizes in results["memory"].items():
        print(f"{server}: " + ", ".join(map(size, sizes.items())))
    for server, times in results["latencies"].items():
        shown = ", ".join(f"{name} {time:,.0f} µs" for name, time in times.items())
        print(f"{server}: {shown}")
    for server, figures in results["even load"].items():
        print(
            f"{server}: 400 connections at once over 4 workers, most by mean "
            f"{figures['median']:.2f}, at worst {figures['worst']:.2f}; "
            f"{figures['wake-ups']:.1f} wake-ups a connection"
        )


def show_load(scenario: str, servers: Figures) -> None:
    """A line a server, and how the first compares with the second."""
    show_servers(scenario, servers)
    first, second = servers.values()
    faster = first["requests_per_second"] / second["requests_per_second"]
    cpu = first["cpu_microseconds"] / second["cpu_microseconds"]
    print(f"  {'ratio':<14}{faster:>12.2f} ×         {cpu:>8.2f} ×")
    print()


def show_sessions(actions: Figures) -> None:
    """A line an action, and what a session adds to the one without."""
    show_servers("a session in mem", actions)
    without, *others = actions.values()
    for figures in others:
        more = figures["cpu_microseconds"] - without["cpu_microseconds"]
        print(f"  {'more':<14}{more:>31.2f} µs CPU a request")
    print()


def show_servers(scenario: str, servers: Figures) -> None:
    print(scenario)
    for name, figures in servers.items():
        print(
            f"  {name:<14}{figures['requests_per_second']:>12,.0f} requests/s"
            f"{figures['cpu_microseconds']:>8.2f} µs CPU a request"
        )


def size(item: tuple[str, float]) -> str:
    name, count = item
    amount = f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count:,.0f} bytes"
    return f"{name} {amount}"
