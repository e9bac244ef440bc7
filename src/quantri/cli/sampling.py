"""`quantri sample`: a seeded draw in stages from a frame."""

import argparse
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from quantri.cli.frames import check_output, read_csv_table, read_text, write_csv_table
from quantri.cli.parsing import Commands
from quantri.cli.printing import as_table
from quantri.cli.progress import Progress
from quantri.errors import DataError, QuantriError

if TYPE_CHECKING:
    from quantri.engine.sampling import Draw


def add_to(commands: Commands) -> None:
    """Add the command `sample`."""
    command = commands("sample", "draw a sample in stages from a frame, with a seed")
    command.set_defaults(run=_sample)
    command.option("frame", type=Path, metavar="FRAME.csv", help="one row for each unit of the last stage")
    command.option("design", type=Path, metavar="DESIGN.toml", help="the stages of the draw")
    command.option("--out", type=Path, required=True, metavar="SAMPLE.csv", help="where to write the sample")
    command.option("--seed", type=_seed, required=True, metavar="N", help="a whole number from 0 up")


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 up, not {text!r}")
    return int(text)


def _sample(arguments: argparse.Namespace, language: str) -> str:
    from quantri.engine.sampling import draw  # with Polars, which other commands do not need
    from quantri.engine.stages import read_draw_design

    progress = Progress()
    check_output(arguments.out, (".csv",), (arguments.frame, arguments.design))
    design = read_draw_design(read_text(arguments.design), arguments.design.name)
    with progress.step(f"reading {arguments.frame.name}"):
        frame = read_csv_table(arguments.frame)
    try:
        with progress.step("drawing"):
            got = draw(frame, design, rng=np.random.default_rng(arguments.seed))
    except QuantriError as fault:
        raise DataError("\n".join(f"{arguments.frame.name}: {line}" for line in str(fault).splitlines())) from None
    with progress.step(f"writing {arguments.out.name}"):
        write_csv_table(got.sample, arguments.out)
    return _summary(got, arguments, language)


def _summary(got: "Draw", arguments: argparse.Namespace, language: str) -> str:
    header = ("stage", "unit", "groups", "listed", "drawn", "named", "too large", "reserve")
    rows = [
        (k, s.unit, s.groups, s.listed, s.drawn, s.named, len(s.too_large), s.reserve)
        for k, s in enumerate(got.stages, 1)
    ]
    digests = ", ".join(f"{path.name} {_sha256(path)[:16]}" for path in (arguments.frame, arguments.design))
    head = f"{arguments.out}: {got.sample.height} rows. Seed {arguments.seed}; sha256 {digests}."
    return "\n".join([head, "", as_table(header, rows, language), *(f"note: {note}" for note in got.notes)])


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
