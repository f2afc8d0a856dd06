from guava import url


def test_ascii_is_left_as_it_is():
    assert url.escape("/a%20b?c=d&e=%ff#g") == "/a%20b?c=d&e=%ff#g"


def test_what_is_not_ascii_is_escaped_and_nothing_else():
    assert url.escape("/caf\u00e9?x=1&y=%20#\u263e") == "/caf%C3%A9?x=1&y=%20#%E2%98%BE"
