"""Sessions in Redis: what is asked of redis-py, without a server."""

from __future__ import annotations

import pytest

from guava.session.redis import Redis


@pytest.mark.parametrize("url", ["rediss://h", "rediss+sentinel://h/service"])
def test_the_server_has_to_have_a_certificate_for_its_name(url: str) -> None:
    pool = Redis(url)._client.connection_pool
    assert pool.connection_kwargs["ssl_check_hostname"] is True
