"""All workloads, by the names that the command line takes, and who takes part."""

from benchmark.loads import LOADS
from benchmark.peers.peer import Peer
from benchmark.trials import TRIALS

WORKLOADS = (*LOADS, *TRIALS)


def needs(workload: str) -> str:
    """What an application must have for a workload."""
    return LOADS[workload].needs if workload in LOADS else "hello"


def takes_part(peer: Peer, workload: str) -> bool:
    """Whether the peer has what the workload asks for."""
    if workload == "original":
        return peer.original
    trial = TRIALS.get(workload)
    if trial is None:
        return needs(workload) in peer.answers
    if trial.reloads and peer.reload is None:
        return False
    return trial.servers is None or peer.name in trial.servers
