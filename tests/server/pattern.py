"""Bytes that the application under test sends and its tests expect."""

MEGABYTE = b"".join(b"%015x\n" % line for line in range(65536))


def pattern(size: int) -> bytes:
    """Bytes of which none can be missing, doubled or moved without being seen."""
    return (MEGABYTE * (size // len(MEGABYTE) + 1))[:size]
