"""The environment of programs that are not guava's."""

from __future__ import annotations

import os


def foreign() -> dict[str, str]:
    """This process's, without the sanitizer's library that goes in front of a program's
    own: others do not start with it, or hang."""
    return {name: text for name, text in os.environ.items() if name != "LD_PRELOAD"}
