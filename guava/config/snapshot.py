"""A validated configuration as bytes: what was checked is what the workers run."""

from __future__ import annotations

import msgspec

from guava.config.schema import Config


def dumps(config: Config) -> bytes:
    """The configuration, places and all, as loads() reads it."""
    return msgspec.msgpack.encode(config)


def loads(data: bytes) -> Config:
    """The configuration in `data`. Raises msgspec.DecodeError on foreign bytes."""
    return msgspec.msgpack.decode(data, type=Config)
