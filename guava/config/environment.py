"""What an interpreter is given before it imports the application."""

from __future__ import annotations

import os
import sys

from guava.config.schema import Python


def prepare(python: Python) -> None:
    """Put `python.path` first in sys.path, in order, and `python.env` in os.environ."""
    sys.path[:0] = python.path
    os.environ.update(python.env)
