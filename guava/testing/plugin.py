"""Fixtures for pytest, by `pytest_plugins = ["guava.testing.plugin"]` in conftest.py.

`guava_client`   makes a Client of whatever that takes; closed after the test
`guava_daemon`   starts a Guavad of whatever that takes; stopped after the test, and its
                 log is shown where the test fails
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from guava.testing.client import Client
from guava.testing.daemon import Guavad

_running = pytest.StashKey[list[Guavad]]()


@pytest.fixture
def guava_client() -> Iterator[Callable[..., Client]]:
    """Makes a Client: guava_client("guava.yaml")."""
    with ExitStack() as made:
        yield lambda *args, **options: made.enter_context(Client(*args, **options))


@pytest.fixture
def guava_daemon(request: pytest.FixtureRequest) -> Iterator[Callable[..., Guavad]]:
    """Starts a Guavad: guava_daemon("guava.yaml", workers=2)."""
    started = request.node.stash.setdefault(_running, [])
    with ExitStack() as made:

        def start(*args: Any, **options: Any) -> Guavad:
            guavad = made.enter_context(Guavad(*args, **options))
            started.append(guavad)
            return guavad

        yield start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the logs to the report of a test that failed."""
    report = yield
    if report.failed:
        for guavad in item.stash.get(_running, []):
            report.sections.append(("guavad's log", guavad.log))
    return report
