"""`quantri weight`: weights that reproduce known margins of the population."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from quantri.cli.files import check_output, read_text, write_table
from quantri.cli.parsing import Commands
from quantri.cli.progress import Progress
from quantri.errors import QuantriError, placed
from quantri.said import Said
from quantri.text import nfc
from quantri.words import say, told

if TYPE_CHECKING:
    from quantri.engine.weighted_frame import Weighted
    from quantri.engine.weighting_plan import WeightingPlan


def add_to(commands: Commands) -> None:
    """Add the command `weight`."""
    command = commands("weight", "weight a sample to known margins of the population")
    language = command.language
    command.set_defaults(run=_weight)
    command.option("data", type=Path, metavar="DATA", help=say("Parquet, CSV, XLSX, SPSS .sav or Stata .dta", language))
    command.option(
        "margins", type=Path, metavar="MARGINS.toml", help=say("base weight, method and known totals", language)
    )
    command.option(
        "--out",
        type=Path,
        required=True,
        metavar="WEIGHTED.parquet",
        help=say("where to write (.parquet or .csv)", language),
    )
    command.option("--id", type=nfc, metavar="COL", help=say("names each respondent, nobody twice", language))


def _weight(arguments: argparse.Namespace, language: str) -> str:
    from quantri.engine.identity import id_columns
    from quantri.engine.microdata import read_microdata
    from quantri.engine.tidy import check_ids, collected
    from quantri.engine.weighted_frame import weigh  # with Polars, which other commands do not need
    from quantri.engine.weighting_plan import read_weighting_plan

    progress = Progress()
    check_output(arguments.out, (".parquet", ".csv"), (arguments.data, arguments.margins))
    plan = read_weighting_plan(read_text(arguments.margins), arguments.margins.name)
    with progress.step(Said("reading {file}", file=arguments.data.name)):
        read = read_microdata(arguments.data)
        for column in id_columns(read.columns, arguments.id):
            check_ids(read, column)
        data = collected(read)
    try:
        with progress.step(Said("weighting")):
            got = weigh(data, plan)
    except QuantriError as fault:
        raise placed("{file}: {fault}", fault, file=arguments.data.name) from None
    with progress.step(Said("writing {file}", file=arguments.out.name)):
        write_table(got.frame, arguments.out)
    return _summary(got, plan, arguments.out, language)


def _summary(got: "Weighted", plan: "WeightingPlan", out: Path, language: str) -> str:
    ratio, steps = got.calibration.ratio, got.calibration.iterations
    lines: list[str] = [
        Said(
            "{file}: {n} rows. Margins hold to {gap:.1e} after {steps} steps.",
            file=out, n=got.frame.height, gap=got.calibration.gap, steps=steps,
        ),
        Said(
            "calibration_ratio {low:.3f} to {high:.3f}; design effect of weights {effect:.3f}.",
            low=float(ratio.min()), high=float(ratio.max()), effect=got.design_effect,
        ),
    ]  # fmt: skip
    if plan.nonresponse:
        lines.append(Said("note: {n} rows did not answer; those of their cells stand for them", n=got.n_silent))
    if plan.trim:
        lines.append(Said("note: {n} weights were trimmed before the calibration", n=got.n_trimmed))
    if plan.bounds:
        on_bound = np.isclose(ratio[:, None], plan.bounds, rtol=1e-9, atol=0).any(axis=1)
        lines.append(Said("{n} weights lie on a bound.", n=on_bound.sum()))
    return "\n".join(told(line, language) for line in lines)
