"""A round of microdata from its file to scores, for every command that scores one."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.designs import design_of, inference_of
from quantri.cli.progress import Progress
from quantri.engine.definition import IndexDefinition
from quantri.errors import DataError
from quantri.said import Said

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from quantri.engine.design import Inference
    from quantri.engine.scoring import Scores
    from quantri.engine.totals import PsuTotals


IDS = {"respondent", "respondent_id"}  # columns that must not name anybody twice
SYNTHETIC = "synthetic"  # the column by which a simulated file marks itself


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Columns that a round needs; which of them are labels, and which hold plain numbers."""

    columns: Sequence[str | None]
    labels: Sequence[str | None]
    plain: Sequence[str]

    @property
    def all(self) -> list[str]:
        """Every column once."""
        return list(dict.fromkeys(column for column in self.columns if column))

    @property
    def texts(self) -> list[str]:
        """Labels that are named."""
        return list(dict.fromkeys(column for column in self.labels if column))


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
    plain = [q for m in measures.values() if not m.values and not m.missing for q in m.questions]
    wanted = Wanted(
        columns=(*design.columns, *domains, *asked), labels=(*domains, design.strata, design.psu), plain=plain
    )
    frame, columns, fetching = _read(data, wanted, arguments)
    with Progress().step(Said("reading and summing {file}", file=data.name)), fetching:
        totals = psu_totals(frame, recode_answers(measures, frame), design, domains=domains)
        strange = undeclared(measures, frame) if totals.n_unknown else {}
    refuse_silence(totals)
    inference = inference_of(arguments, len(totals.domains))
    return Round(
        scores=score(definition, totals, inference), inference=inference, undeclared=strange,
        is_synthetic=definition.synthetic or SYNTHETIC in columns,
    )  # fmt: skip


def _read(
    data: Path, wanted: Wanted, arguments: argparse.Namespace
) -> "tuple[IntoFrame, Sequence[str], AbstractContextManager[None]]":
    """Give the frame, all columns of the file, and what turns a fault met while rows are fetched into one sentence."""
    if getattr(arguments, "engine", "polars") == "spark":
        from quantri.cli.spark import read_frame, working

        spark_frame = read_frame(data)
        return spark_frame, spark_frame.columns, working(str(data))
    from quantri.engine.microdata import read_microdata, reading
    from quantri.engine.tidy import check_ids, normalise_text, without_missing

    found = read_microdata(data, wanted.all)
    for column in IDS & set(found.columns):
        check_ids(read_microdata(data, [column]), column)
    declared = {column: codes for column, codes in found.missing.items() if column in wanted.plain}
    frame = without_missing(replace(found, missing=declared)).frame
    return normalise_text(frame, wanted.texts), found.columns, reading(found.name)


def refuse_silence(totals: "PsuTotals") -> None:
    """Refuse what nobody at all answered: in one domain it is a gap, in all of them a wrong name or wrong codes."""
    silent = [name for name, n in zip(totals.variables, totals.n.sum(axis=0), strict=True) if not n]
    if silent:
        raise DataError(
            "{variables}: nobody in the data has a known answer; check the question and its codes",
            variables=", ".join(silent),
        )


def undeclared_notes(undeclared: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Tell codes that the definition does not know, with how often they came."""
    note = "{question}: code {code} is not declared; {n} answers count as missing"
    return [
        Said(note, question=question, code=code, n=n)
        for question, codes in undeclared.items()
        for code, n in codes.items()
    ]
