"""Parts of a site, by their paths."""

from __future__ import annotations

from collections.abc import Iterable


class Paths:
    """A set of paths, each with all that lies below it."""

    def __init__(self, option: str, paths: Iterable[str]) -> None:
        """Decoded paths, which begin with a slash; one at the end changes nothing.

        TypeError and ValueError name the `option`.
        """
        if isinstance(paths, str):
            raise TypeError(f"{option}: expected a list of paths, found {paths!r}")
        self._parts = [_segments(_checked(option, path)) for path in paths]
        self._are_all = [] in self._parts

    def __contains__(self, path: str) -> bool:
        """Whether a decoded path is one of them or lies below one. Empty segments do
        not count: //admin is /admin to a file system."""
        if self._are_all:
            return True
        segments = _segments(path)
        return any(segments[: len(part)] == part for part in self._parts)


def _checked(option: str, path: object) -> str:
    if not isinstance(path, str) or not path.startswith("/"):
        raise ValueError(f"{option}: expected a path such as /admin, found {path!r}")
    return path


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]
