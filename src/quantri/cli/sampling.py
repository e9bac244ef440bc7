"""`quantri sample`: a seeded draw in stages from a frame."""

import argparse
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from quantri.cli.files import check_output, read_text, write_table
from quantri.cli.parsing import Commands
from quantri.cli.printing import as_table
from quantri.cli.progress import Progress
from quantri.errors import QuantriError, placed
from quantri.said import Said
from quantri.words import say

if TYPE_CHECKING:
    from quantri.engine.sampling import Draw


def add_to(commands: Commands) -> None:
    """Add the command `sample`."""
    command = commands("sample", "draw a sample in stages from a frame, with a seed")
    language = command.language
    command.set_defaults(run=_sample)
    command.option(
        "frame", type=Path, metavar="FRAME.csv", help=say("one row for each unit of the last stage", language)
    )
    command.option("design", type=Path, metavar="DESIGN.toml", help=say("the stages of the draw", language))
    command.option(
        "--out", type=Path, required=True, metavar="SAMPLE.csv", help=say("where to write the sample", language)
    )
    command.option("--seed", type=_seed, required=True, metavar="N", help=say("a whole number from 0 up", language))


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 up, not {text!r}")
    return int(text)


def _sample(arguments: argparse.Namespace, language: str) -> str:
    from quantri.engine.microdata import read_texts
    from quantri.engine.sampling import draw  # with Polars, which other commands do not need
    from quantri.engine.stages import read_draw_design
    from quantri.engine.tidy import collected

    progress = Progress()
    check_output(arguments.out, (".csv",), (arguments.frame, arguments.design))
    design = read_draw_design(read_text(arguments.design), arguments.design.name)
    with progress.step(Said("reading {file}", file=arguments.frame.name)):
        frame = collected(read_texts(arguments.frame))
    try:
        with progress.step(Said("drawing")):
            got = draw(frame, design, rng=np.random.default_rng(arguments.seed))
    except QuantriError as fault:
        raise placed("{file}: {fault}", fault, file=arguments.frame.name) from None
    with progress.step(Said("writing {file}", file=arguments.out.name)):
        write_table(got.sample, arguments.out)
    return _summary(got, arguments, language)


def _summary(got: "Draw", arguments: argparse.Namespace, language: str) -> str:
    header = ("stage", "unit", "groups", "listed", "drawn", "named", "too large", "reserve")
    rows = [
        (k, s.unit, s.groups, s.listed, s.drawn, s.named, len(s.too_large), s.reserve)
        for k, s in enumerate(got.stages, 1)
    ]
    digests = ", ".join(f"{path.name} {_sha256(path)[:16]}" for path in (arguments.frame, arguments.design))
    head = say(
        "{file}: {n} rows. Seed {seed}; sha256 {digests}.", language,
        file=arguments.out, n=got.sample.height, seed=arguments.seed, digests=digests,
    )  # fmt: skip
    notes = [say("note: {note}", language, note=note) for note in got.notes]
    return "\n".join([head, "", as_table([say(name, language) for name in header], rows, language), *notes])


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
