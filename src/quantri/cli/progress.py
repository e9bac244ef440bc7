"""A line on standard error for work that takes longer than two seconds."""

import sys
import time

QUIET = 2.0  # seconds


class Progress:
    """Counts steps of long work; silent while it is quick."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total, self.began = what, total, time.monotonic()

    def at(self, done: int) -> None:
        """Say how far the work is, once it has taken longer than `QUIET`."""
        if time.monotonic() - self.began > QUIET:
            print(f"{self.what}: {done} of {self.total}", file=sys.stderr)
