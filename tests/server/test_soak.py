"""A short soak; `make soak` is a long one."""

import soak


def test_requests_of_all_kinds_add_nothing_to_a_worker(make_guavad):
    guavad = make_guavad()
    soak.prepare(guavad)
    guavad.start()
    assert soak.run(guavad, 20_000) < soak.BOUND
