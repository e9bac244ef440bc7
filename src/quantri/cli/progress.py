"""What a command is doing, said on standard error once it has taken two seconds."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from time import monotonic

from quantri.text import one_line
from quantri.words import language_of, told

PATIENCE = 2.0  # seconds


class Progress:
    """The steps of one command; a quick one says nothing."""

    def __init__(self) -> None:
        self._started = monotonic()

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Name a step, in the user's language, while it runs."""
        wait = max(0.0, self._started + PATIENCE - monotonic())
        words = told(doing, language_of(os.environ))
        timer = Timer(wait, print, [f"quantri: {one_line(words)} …"], {"file": sys.stderr, "flush": True})
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
