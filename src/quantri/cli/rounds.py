"""A round of microdata from its file to scores, for every command that scores one."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.designs import design_of, inference_of
from quantri.engine.definition import IndexDefinition

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from quantri.engine.scoring import Scores


@dataclass(frozen=True, kw_only=True)
class Round:
    """Scores of a file, and what was noticed on the way."""

    scores: "Scores"
    undeclared: Mapping[str, Mapping[str, int]]
    is_synthetic: bool


def scored(definition: IndexDefinition, data: Path, arguments: argparse.Namespace) -> Round:
    """Read the columns that are needed, sum and score; polars is imported here, since other commands do without it."""
    import narwhals as nw

    from quantri.engine.recode import recode_answers, undeclared
    from quantri.engine.scoring import score
    from quantri.engine.totals import psu_totals

    design = design_of(arguments)
    measures = {c.code: c.measure for c in definition.measured if c.measure is not None}
    domains = [arguments.domain] if arguments.domain else []
    asked = [column for measure in measures.values() for column in measure.columns]
    frame = _frame(data, list(dict.fromkeys((*design.columns, *domains, *asked))), arguments)
    schema = dict(nw.from_native(frame).lazy().collect_schema())
    totals = psu_totals(frame, recode_answers(measures, frame), design, domains=domains)
    return Round(
        scores=score(definition, totals, inference_of(arguments)),
        undeclared=undeclared(measures, frame) if totals.n_unknown else {},
        is_synthetic=definition.synthetic or "synthetic" in schema,
    )


def _frame(data: Path, columns: list[str], arguments: argparse.Namespace) -> "IntoFrame":
    if getattr(arguments, "engine", "polars") == "spark":
        from quantri.cli.spark import read_frame

        spark_frame: IntoFrame = read_frame(data)
        return spark_frame
    from quantri.engine.microdata import read_microdata

    return read_microdata(data, columns).frame
