"""A line at the foot of a terminal that says how far a run has come."""

import sys
import time


class Progress:
    """Counts steps.  Prints nothing where standard error is no terminal."""

    WIDTH = 30

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.began = time.monotonic()

    def step(self, what: str) -> None:
        """One more is done, and `what` comes next."""
        self.done += 1
        self.show(what)

    def show(self, what: str) -> None:
        if not sys.stderr.isatty():
            return
        filled = self.WIDTH * self.done // max(1, self.total)
        bar = "█" * filled + "░" * (self.WIDTH - filled)
        left = f"{self.left() / 60:4.0f} min left" if self.done else ""
        sys.stderr.write(f"\r\x1b[K{bar} {self.done}/{self.total} {left}  {what}")
        sys.stderr.flush()

    def left(self) -> float:
        """Seconds that the rest takes, if it goes on as before."""
        taken = time.monotonic() - self.began
        return taken / self.done * (self.total - self.done)

    def say(self, line: str) -> None:
        """A line that stays, above the bar."""
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
        print(line, flush=True)
