"""The draft of a file, which goes with the command: at its end, at a fault, and when a signal ends it."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, current_thread, main_thread

_ENDS = ("SIGTERM", "SIGHUP")  # Windows ends a process without asking it


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """Give a place for a file in a hidden folder beside `target`; at the end nothing is left of the folder.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> with draft_of(folder / "a.csv") as draft:
    ...     _ = draft.write_text("half", encoding="utf-8")
    >>> draft.name, list(folder.iterdir())
    ('a.csv', [])
    """
    with (
        tempfile.TemporaryDirectory(prefix=f".{target.name[:40]}-", dir=target.parent) as beside,
        _gone_at_a_signal(beside),
    ):
        yield Path(beside) / target.name


@contextmanager
def _gone_at_a_signal(folder: str) -> Iterator[None]:
    """Listen on a thread of its own, since Python runs no handler while a library writes the file.

    Ctrl-C ends here, too: threads of Polars that ask for rows abort the process where Python ends in the usual way.
    """
    if os.name == "nt" or current_thread() is not main_thread():
        yield
        return
    ends = [getattr(signal, name) for name in _ENDS]
    usual = [end for end in ends if signal.getsignal(end) is signal.SIG_DFL]  # nohup, for one, ignores SIGHUP
    hears, tells = os.pipe()
    os.set_blocking(tells, False)
    before = signal.set_wakeup_fd(tells, warn_on_full_buffer=False)
    for end in usual:
        signal.signal(end, _leave_to_the_thread)
    listener = Thread(target=_listen, args=(hears, [*usual, signal.SIGINT], folder), daemon=True)
    listener.start()
    try:
        yield
    finally:
        for end in usual:
            signal.signal(end, signal.SIG_DFL)
        signal.set_wakeup_fd(before)
        os.close(tells)
        listener.join()
        os.close(hears)


def _leave_to_the_thread(number: int, frame: object) -> None:
    """Do nothing, where the usual would be to end without cleaning up."""


def _listen(hears: int, ends: list[int], folder: str) -> None:
    while number := os.read(hears, 1):
        if number[0] in ends:
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(128 + number[0])  # as a shell reports it
