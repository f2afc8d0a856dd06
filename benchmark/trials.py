"""What is measured once a round with a server of its own, by the names that the command
line takes.  Each gives figures, or raises Fault."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from benchmark import even, idle, routes, slow, wrk
from benchmark.loads import LOADS
from benchmark.machine import memory
from benchmark.peers.catalogue import EXAMPLE
from benchmark.peers.peer import Peer
from benchmark.rate import latencies
from benchmark.servers import (
    BOTH_CORES,
    SERVER_CORE,
    Fault,
    Server,
    answers,
    launched,
    started,
    until_ready,
)
from benchmark.store import Figures

CONNECTIONS = 10_000
RELOAD_SECONDS = 20
MANY_WORKERS = 8
SETTLE_SECONDS = 1
CROWD_SECONDS = 10  # connecting is little of it, even with the most clients


def rate_latencies(rate: int) -> Callable[[Peer, int], Figures]:
    def measure(peer: Peer, seconds: int) -> Figures:
        with started(peer) as server:
            latencies(server, rate, 1)
            return latencies(server, rate, seconds)

    return measure


def start(peer: Peer, seconds: int) -> Figures:
    """From exec to the first answer."""
    return milliseconds_to_answer(peer, SERVER_CORE)


def start_example(peer: Peer, seconds: int) -> Figures:
    """The same of guava's own example, which has a worker for each of two cores."""
    return milliseconds_to_answer(EXAMPLE, BOTH_CORES)


def milliseconds_to_answer(peer: Peer, cores: str) -> Figures:
    began = time.monotonic()
    with launched(peer, cores=cores) as server:
        until_ready(server)
        return {"milliseconds": (time.monotonic() - began) * 1000}


def reload(peer: Peer, seconds: int) -> Figures:
    """From the signal until none of the old workers is left and a new one answers."""
    assert peer.reload is not None
    with started(peer) as server:
        old = set(server.processes()[1:])
        began = time.monotonic()
        os.kill(server.pid, peer.reload)
        while old & set(server.processes()) or not answers(server, "/"):
            if time.monotonic() > began + RELOAD_SECONDS:
                raise Fault("does not reload")
            time.sleep(0.001)
        return {"milliseconds": (time.monotonic() - began) * 1000}


def memory_of_workers(peer: Peer, seconds: int) -> Figures:
    """Memory of all its processes, with one worker and with many that have served."""
    held = {}
    for workers in (1, MANY_WORKERS):
        with started(peer, workers) as server:
            settle(server)
            for _ in range(20 * workers):
                if not answers(server, "/"):
                    raise Fault("errs")
            held[f"workers_{workers}"] = float(memory(server.processes())["pss"])
    return held


def settle(server: Server) -> None:
    """Returns once no process has been added for a while."""
    count, since = 0, time.monotonic()
    while time.monotonic() < since + SETTLE_SECONDS:
        if len(server.processes()) != count:
            count, since = len(server.processes()), time.monotonic()
        time.sleep(0.01)


def memory_of_connections(peer: Peer, seconds: int) -> Figures:
    with started(peer) as server:
        return {"bytes": idle.bytes_per_connection(server, CONNECTIONS)}


def cost_of_idle(peer: Peer, seconds: int) -> Figures:
    """CPU of a request beside none and beside many idle connections."""
    with warm(peer) as server:
        none = cost(server, seconds)
        with idle.held(server, CONNECTIONS):
            return {"0": none, f"{CONNECTIONS}": cost(server, seconds)}


def cost_of_clients(peer: Peer, seconds: int) -> Figures:
    """CPU of a request by the clients that ask at once, and that outside the kernel."""
    whole, outside = {}, {}
    with warm(peer) as server:
        for name in ("hello", "clients-1000", "clients-10000"):
            load = LOADS[name]
            figures = wrk.measure(server, load, CROWD_SECONDS)
            whole[str(load.connections)] = figures["cpu_microseconds"]
            outside[f"{load.connections:,}, user"] = figures["user_microseconds"]
    return whole | outside


@contextmanager
def warm(peer: Peer, load: wrk.Load = LOADS["hello"]) -> Iterator[Server]:
    """The peer, once it has had some of the load."""
    with started(peer, path=load.paths[0]) as server:
        wrk.warm_up(server, load)
        yield server


def cost(server: Server, seconds: int, load: wrk.Load = LOADS["hello"]) -> float:
    return wrk.measure(server, load, seconds)["cpu_microseconds"]


def cost_of_routes(peer: Peer, seconds: int) -> Figures:
    """CPU of a request by the number of routes in guava's table."""
    found = {}
    for count in routes.COUNTS:
        with routes.table(count) as config:
            command = f"$guavad -c {config}"
            asked = replace(LOADS["hello"], paths=routes.asked(count))
            with warm(replace(peer, command=command), asked) as server:
                found[str(count)] = cost(server, seconds, asked)
    return found


def cost_of_sessions(peer: Peer, seconds: int) -> Figures:
    """CPU of a request that has no session, reads its own, and changes it."""
    changed = LOADS["session"]
    loads = {
        "none": LOADS["hello"],
        "read": replace(changed, paths=["/session/read"], first="/session"),
        "changed": changed,
    }
    with warm(peer) as server:
        return {name: cost(server, seconds, load) for name, load in loads.items()}


def among_slow(peer: Peer, seconds: int) -> Figures:
    """Latencies of a client that asks now and then, alone and among slow ones."""
    with started(peer) as server:
        alone = slow.latencies(server, 0)
        crowded = slow.latencies(server, slow.CROWD)
    return {f"alone {name}": time for name, time in alone.items()} | {
        f"crowded {name}": time for name, time in crowded.items()
    }


def even_load(peer: Peer, seconds: int) -> Figures:
    with started(peer, even.WORKERS, cores=BOTH_CORES) as server:
        return even.measure(server)


@dataclass(frozen=True)
class Trial:
    measure: Callable[[Peer, int], Figures]
    servers: frozenset[str] | None = None  # who has it; None: everyone
    reloads: bool = False  # who can be reloaded has it


OURS = frozenset({"guava"})
OURS_AND_NGINX = frozenset({"guava", "nginx"})
TRIALS = {
    "latency": Trial(rate_latencies(20_000)),
    "latency-slow": Trial(rate_latencies(2_000)),
    "start": Trial(start),
    "start-example": Trial(start_example, OURS),
    "reload": Trial(reload, reloads=True),
    "memory": Trial(memory_of_workers),
    "connection": Trial(memory_of_connections),
    "clients": Trial(cost_of_clients, OURS_AND_NGINX),
    "idle": Trial(cost_of_idle, OURS_AND_NGINX),
    "routes": Trial(cost_of_routes, OURS),
    "sessions": Trial(cost_of_sessions, OURS),
    "slow": Trial(among_slow, OURS_AND_NGINX),
    "even": Trial(even_load, OURS_AND_NGINX),
}
