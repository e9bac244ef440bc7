"""`quantri simulate`: a file of synthetic microdata, marked as such."""

import argparse
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from quantri import __version__
from quantri.cli.files import write_whole
from quantri.cli.parsing import Commands
from quantri.cli.progress import Progress
from quantri.engine.definition import IndexDefinition
from quantri.engine.loading import load_archive, load_definition
from quantri.engine.results import EditionResults
from quantri.errors import DataError
from quantri.said import Said
from quantri.words import say, told

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from quantri.engine.goals import Goals

DEFAULT_SEED = 1
MOST_ROWS = 1_000_000_000
ROW_GROUP = 131_072


def add_to(commands: Commands) -> None:
    """Add the command."""
    command = commands("simulate", "synthetic microdata that an index definition can score")
    language = command.language
    command.set_defaults(run=_simulate, format="table")
    command.option("definition", type=Path, metavar="DEFINITION.toml")
    command.option(
        "--out", type=Path, required=True, metavar="DATA.parquet", help=say("Parquet, or CSV by its ending", language)
    )
    command.option(
        "--rows", type=int, metavar="N", help=say("respondents (as many as PAPI's design: 13,632)", language)
    )
    command.option(
        "--seed",
        type=int,
        default=DEFAULT_SEED,
        metavar="N",
        help=say("of chance ({seed})", language, seed=DEFAULT_SEED),
    )
    command.option(
        "--year", type=int, metavar="Y", help=say("of the published scores to come near (the definition's)", language)
    )


def _simulate(arguments: argparse.Namespace, language: str) -> str:
    _check(arguments)
    import numpy as np

    from quantri.engine.layout import papi_layout
    from quantri.engine.simulate import blocks

    definition = load_definition(arguments.definition)
    rng = np.random.default_rng(arguments.seed)
    goals, source = _goals(definition, arguments.year, rng)
    layout = papi_layout(goals.units)
    if arguments.rows is not None:
        layout = layout.scaled_to(arguments.rows)
    pieces = blocks(definition, goals, layout, rng=rng)
    marks = {
        "synthetic": "true", "definition": f"{definition.code}-{definition.year}", "expected_scores": source,
        "seed": str(arguments.seed), "rows": str(layout.total), "quantri": __version__,
    }  # fmt: skip
    with Progress().step(Said("making up {n} respondents", n=layout.total)):
        _write(arguments.out, pieces, marks)
    facts = {"out": arguments.out, "n": layout.total, "seed": arguments.seed, "source": source}
    first = say("{out}: {n} SYNTHETIC respondents, seed {seed}, expected scores: {source}", language, **facts)
    return "\n".join([first, *(told(note, language) for note in goals.notes)])


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what cannot be written or drawn, before any work."""
    out = arguments.out
    if out.suffix.lower() not in (".parquet", ".csv"):
        raise DataError("--out {path}: the name must end in .parquet or .csv", path=out)
    if not out.parent.is_dir() or out.is_dir():
        raise DataError("--out {path}: name a file in a folder that exists", path=out)
    if arguments.rows is not None and not 1 <= arguments.rows <= MOST_ROWS:
        raise DataError("--rows {n}: give a number from 1 to {most}", n=arguments.rows, most=MOST_ROWS)
    if arguments.seed < 0:
        raise DataError("--seed {n}: give 0 or a whole number above it", n=arguments.seed)


def _goals(definition: IndexDefinition, year: int | None, rng: "np.random.Generator") -> tuple["Goals", str]:
    """Take published scores where the definition has the published tree, else drawn ones for the same provinces."""
    from quantri.engine.goals import drawn_goals, matches, published_goals

    archive = load_archive("papi")
    edition: EditionResults = archive.edition(year or min(definition.year, archive.years[-1]))
    if matches(definition, edition):
        source = Said("published, {edition}", edition=f"{edition.definition.code.upper()} {edition.definition.year}")
        return published_goals(definition, edition), source
    if year is not None:
        raise DataError(
            "--year {year}: {index} does not have PAPI's tree of that year",
            year=year,
            index=f"{definition.code}-{definition.year}",
        )
    return drawn_goals(definition, tuple(unit.code for unit in edition.units), rng=rng), Said("drawn by chance")


def _write(out: Path, pieces: Iterator["pl.DataFrame"], marks: Mapping[str, str]) -> None:
    """Write piece by piece, so that a file of any size needs little memory; what it is stands in the file itself."""
    import polars as pl
    from polars.io.plugins import register_io_source

    first = next(pieces)

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        yield first
        yield from pieces

    rows = register_io_source(source, schema=first.schema)
    if out.suffix.lower() == ".csv":
        write = partial(rows.sink_csv)
    else:
        write = partial(rows.sink_parquet, metadata=dict(marks), row_group_size=ROW_GROUP)
    write_whole(out, write)
