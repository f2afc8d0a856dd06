import pytest

from guava.middleware.paths import Paths


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/", "/admin/users/1", "//admin", "/admin//x", "/café/x"]
)
def test_a_path_stands_for_all_that_lies_below(path):
    assert path in Paths("paths", ["/admin/", "/café"])


@pytest.mark.parametrize("path", ["/", "/administrator", "/x/admin", "/Admin", ""])
def test_and_for_nothing_beside(path):
    assert path not in Paths("paths", ["/admin", "/café"])


def test_the_root_is_everything_and_no_path_nothing():
    assert "/x" in Paths("paths", ["/"])
    assert "/" not in Paths("paths", [])


def test_what_is_no_path_is_refused_by_the_name_of_the_option():
    with pytest.raises(ValueError, match="exempt: expected a path"):
        Paths("exempt", ["admin"])
    with pytest.raises(ValueError, match="exempt: expected a path"):
        Paths("exempt", [7])
    with pytest.raises(TypeError, match="exempt: expected a list"):
        Paths("exempt", "/admin")
