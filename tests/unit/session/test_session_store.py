"""SessionStore: what applications subclass, and how built-in stores are made."""

import re

import pytest

from guava.session import Mem, SessionStore


class Own(SessionStore):
    def get(self, sid):
        return None

    def set(self, sid, value):
        pass

    def delete(self, sid):
        pass


def test_a_type_makes_a_store_of_that_type():
    store = SessionStore(type=Mem, ttl=60, size=1 << 20)
    assert type(store) is Mem
    assert (store.ttl, store.size) == (60, 1 << 20)


def test_an_option_called_type_belongs_to_the_subclass():
    class Typed(Own):
        def __init__(self, type):
            self.kind = type

    assert Typed(type="a").kind == "a"


def test_three_methods_make_a_store():
    assert Own().ttl == 14 * 24 * 3600


def test_fewer_do_not():
    class Half(SessionStore):
        def get(self, sid):
            return None

    with pytest.raises(TypeError, match=r"Half has no set, delete$"):
        Half()
    with pytest.raises(TypeError, match="SessionStore has no get, "):
        SessionStore()


def test_ids_are_long_new_and_fit_a_cookie():
    ids = {Own().generate_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[0-9A-Za-z_-]{32}", sid) for sid in ids)
