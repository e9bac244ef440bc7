"""`quantri weight`: weights that reproduce known margins of the population."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from quantri.cli.frames import check_output, read_data, read_text, write_data
from quantri.cli.parsing import Commands
from quantri.cli.progress import Progress
from quantri.errors import DataError, QuantriError

if TYPE_CHECKING:
    from quantri.engine.weighted_frame import Weighted
    from quantri.engine.weighting_plan import WeightingPlan


def add_to(commands: Commands) -> None:
    """Add the command `weight`."""
    command = commands("weight", "weight a sample to known margins of the population")
    command.set_defaults(run=_weight)
    command.option("data", type=Path, metavar="DATA", help="CSV or Parquet, one row for each person")
    command.option("margins", type=Path, metavar="MARGINS.toml", help="base weight, method and known totals")
    command.option(
        "--out", type=Path, required=True, metavar="WEIGHTED.parquet", help="where to write (.parquet or .csv)"
    )


def _weight(arguments: argparse.Namespace, language: str) -> str:
    from quantri.engine.weighted_frame import weigh  # with Polars, which other commands do not need
    from quantri.engine.weighting_plan import read_weighting_plan

    progress = Progress()
    check_output(arguments.out, (".parquet", ".csv"), (arguments.data, arguments.margins))
    plan = read_weighting_plan(read_text(arguments.margins), arguments.margins.name)
    with progress.step(f"reading {arguments.data.name}"):
        data = read_data(arguments.data)
    try:
        with progress.step("weighting"):
            got = weigh(data, plan)
    except QuantriError as fault:
        raise DataError("\n".join(f"{arguments.data.name}: {line}" for line in str(fault).splitlines())) from None
    with progress.step(f"writing {arguments.out.name}"):
        write_data(got.frame, arguments.out)
    return _summary(got, plan, arguments.out)


def _summary(got: "Weighted", plan: "WeightingPlan", out: Path) -> str:
    ratio, steps = got.calibration.ratio, got.calibration.iterations
    lines = [
        f"{out}: {got.frame.height} rows. Margins hold to {got.calibration.gap:.1e} after {steps} steps.",
        f"calibration_ratio {ratio.min():.3f} to {ratio.max():.3f}; design effect of weights {got.design_effect:.3f}.",
    ]
    if plan.nonresponse:
        lines.append(f"note: {got.n_silent} rows did not answer; those of their cells stand for them")
    if plan.trim:
        lines.append(f"note: {got.n_trimmed} weights were trimmed before the calibration")
    if plan.bounds:
        on_bound = np.isclose(ratio[:, None], plan.bounds, rtol=1e-9, atol=0).any(axis=1)
        lines.append(f"{on_bound.sum()} weights lie on a bound.")
    return "\n".join(lines)
