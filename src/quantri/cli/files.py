"""Output files appear whole or not at all."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from quantri.errors import DataError


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file beside `path`, and give it that name once it is complete.

    Parameters
    ----------
    path : Path
        Where the file belongs; what lies there is replaced at the end, in one step.
    write : callable
        Writes a whole file to the path that it is given. If it raises, nothing is left and `path` is as before.

    Raises
    ------
    DataError
        If the folder is missing or cannot be written, or `path` is no place for a file.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_whole(folder / "a.txt", lambda draft: draft.write_text("whole", encoding="utf-8"))
    >>> [p.name for p in folder.iterdir()]
    ['a.txt']
    """
    try:
        target = path.resolve()  # a link keeps pointing at what is replaced
        if target.is_dir():
            raise DataError(f"{path}: is a folder; name a file in it")
        if target.exists() and not target.is_file():  # such as /dev/stdout
            write(target)
            return
        with tempfile.TemporaryDirectory(prefix=f".{target.name[:40]}-", dir=target.parent) as beside:
            draft = Path(beside) / target.name
            write(draft)
            draft.replace(target)
    except OSError as fault:
        raise DataError(
            f"{path}: cannot be written ({fault.strerror or fault}); check that its folder exists, your rights to it, "
            "and the space left"
        ) from None
