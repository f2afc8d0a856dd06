"""Who guava is measured beside, each at the settings that its documentation names."""

from benchmark.peers.catalogue import GUAVA, PEERS
from benchmark.peers.peer import Peer

__all__ = ["GUAVA", "PEERS", "Peer"]
