"""The command `guava`: `guava top` watches a running guavad in the terminal."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import suppress

from guava import __version__, top
from guava.config import loader
from guava.config.loader import ConfigError

_INTERRUPTED = 128 + signal.SIGINT


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit status, that of a shell where Ctrl-C has ended it."""
    arguments = _parser().parse_args(argv)
    try:
        place = top.Place.of_url(arguments.url) if arguments.url else None
        place = place or _configured(arguments.config)
        watch = top.print_once if arguments.once else top.watch
        return watch(place, arguments.interval)
    except (ConfigError, ValueError, OSError) as error:
        print(f"guava: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="guava", description=__doc__)
    parser.add_argument("--version", action="version", version=f"guava {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("top", help="watch a running guavad; q ends it")
    where = command.add_mutually_exclusive_group()
    where.add_argument(
        "-c",
        dest="config",
        metavar="FILE",
        default="guava.yaml",
        help="the configuration, whose status.listen is asked; default: guava.yaml",
    )
    where.add_argument("--url", help="ask there instead: http://HOST:PORT or unix:PATH")
    command.add_argument(
        "--interval",
        type=_interval,
        default=1.0,
        metavar="SECONDS",
        help="how often; default: 1",
    )
    command.add_argument("--once", action="store_true", help="print it once and exit")
    return parser


def _interval(text: str) -> float:
    with suppress(ValueError):
        if 0.1 <= (seconds := float(text)) <= 3600:
            return seconds
    fault = f"expected seconds from 0.1 to 3600, found {text!r}"
    raise argparse.ArgumentTypeError(fault)


def _configured(path: str) -> top.Place:
    """Where the configuration has the master answer. Raises ValueError."""
    listen = loader.load(path).status.listen
    if not listen:
        raise ValueError(f"{path} has no status.listen; name one, or use --url")
    return top.Place.of_address(listen[0])


if __name__ == "__main__":
    sys.exit(main())
