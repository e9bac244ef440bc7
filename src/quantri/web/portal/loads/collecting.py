"""The collector of garbage looks seldom while millions of rows are made: it took a quarter of the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Let the collector look as seldom as `serve` does."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, 25, 25)
    try:
        yield
    finally:
        gc.set_threshold(*before)
