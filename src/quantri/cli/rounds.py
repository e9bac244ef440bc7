"""A round of microdata from its file to scores, for every command that scores one."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.designs import design_of, inference_of
from quantri.engine.definition import IndexDefinition

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from quantri.engine.design import Inference
    from quantri.engine.scoring import Scores


SYNTHETIC = "synthetic"  # the column by which a simulated file marks itself


@dataclass(frozen=True, kw_only=True)
class Round:
    """Scores of a file, and what was noticed on the way."""

    scores: "Scores"
    inference: "Inference"
    undeclared: Mapping[str, Mapping[str, int]]
    is_synthetic: bool


def scored(definition: IndexDefinition, data: Path, arguments: argparse.Namespace) -> Round:
    """Read the columns that are needed, sum and score; polars is imported here, since other commands do without it."""
    from quantri.engine.recode import recode_answers, undeclared
    from quantri.engine.scoring import score
    from quantri.engine.totals import psu_totals

    design = design_of(arguments)
    measures = {c.code: c.measure for c in definition.measured if c.measure is not None}
    domains = [arguments.domain] if arguments.domain else []
    asked = [column for measure in measures.values() for column in measure.columns]
    frame, columns, fetching = _read(data, list(dict.fromkeys((*design.columns, *domains, *asked))), arguments)
    with fetching:
        totals = psu_totals(frame, recode_answers(measures, frame), design, domains=domains)
        strange = undeclared(measures, frame) if totals.n_unknown else {}
    inference = inference_of(arguments, len(totals.domains))
    return Round(
        scores=score(definition, totals, inference), inference=inference, undeclared=strange,
        is_synthetic=definition.synthetic or SYNTHETIC in columns,
    )  # fmt: skip


def _read(
    data: Path, columns: list[str], arguments: argparse.Namespace
) -> "tuple[IntoFrame, Sequence[str], AbstractContextManager[None]]":
    """Give the frame, all columns of the file, and what turns a fault met while rows are fetched into one sentence."""
    if getattr(arguments, "engine", "polars") == "spark":
        from quantri.cli.spark import read_frame, working

        spark_frame = read_frame(data)
        return spark_frame, spark_frame.columns, working(str(data))
    from quantri.engine.microdata import read_microdata, reading

    found = read_microdata(data, columns)
    return found.frame, found.columns, reading(found.name)
