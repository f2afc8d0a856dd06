"""Hooks of workers, without one."""

import pytest

import guava
from guava import hooks
from guava.importing import LoadError


@pytest.fixture(autouse=True)
def none_yet(monkeypatch):
    monkeypatch.setattr(hooks, "_starting", [])
    monkeypatch.setattr(hooks, "_leaving", [])


def test_hooks_run_in_order_and_back():
    calls = []
    for name in ("one", "two"):
        guava.on_worker_start(lambda name=name: calls.append(f"start {name}"))
        guava.on_worker_stop(lambda name=name: calls.append(f"stop {name}"))
    hooks.run_start()
    hooks.run_stop()
    assert calls == ["start one", "start two", "stop two", "stop one"]


def test_a_decorated_function_stays_what_it_is():
    def connect():
        return 7

    assert guava.on_worker_start(connect) is connect
    assert guava.on_worker_stop(connect) is connect


def test_what_a_start_hook_raises_is_named_after_it():
    @guava.on_worker_start
    def connect():
        raise OSError("down")

    with pytest.raises(LoadError, match=r"on_worker_start .*connect: .*OSError: down"):
        hooks.run_start()


def test_a_stop_hook_that_raises_keeps_none_from_running():
    calls = []
    guava.on_worker_stop(lambda: calls.append("last"))

    @guava.on_worker_stop
    def disconnect():
        raise OSError("gone")

    hooks.run_stop()
    assert calls == ["last"]


def test_the_stop_hooks_run_whatever_happens_behind_the_start():
    calls = []
    guava.on_worker_stop(lambda: calls.append("stop"))
    with pytest.raises(OSError, match="down"), hooks.running():
        raise OSError("down")
    assert calls == ["stop"]


def test_hooks_are_attributes_of_the_package():
    assert {"on_worker_start", "on_worker_stop"} <= set(dir(guava))
