"""A round of microdata from its file to sums: what is read, made ready, refused and noticed on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from narwhals.typing import IntoFrame

from quantri.engine.calibrated import calibrated_totals, margin_columns
from quantri.engine.definition import IndexDefinition
from quantri.engine.design import SampleDesign, VarianceRule
from quantri.engine.identity import check_respondents
from quantri.engine.microdata import Microdata, read_microdata
from quantri.engine.recode import recode_answers, undeclared
from quantri.engine.tidy import normalise_text, without_missing
from quantri.engine.totals import PsuTotals, psu_totals
from quantri.engine.weighting_plan import WeightingPlan
from quantri.errors import DataError, DesignError, placed

SYNTHETIC = "synthetic"  # the column by which a simulated file marks itself
POOLED_FROM = 10  # domains; fewer are too few to learn from each other


@dataclass(frozen=True, kw_only=True)
class RoundSums:
    """Sums of a round, and the answers whose code its definition does not know.

    Parameters
    ----------
    totals : PsuTotals
    undeclared : mapping of question to mapping of code to int
        How often each code came.

    Examples
    --------
    >>> import polars as pl
    >>> from quantri.engine.definition import Component
    >>> from quantri.engine.measure import Measure
    >>> top = Component(code="A", level="index", name_vi="A", name_en="A", bounds=(0, 1), worst=0, best=1,
    ...                 measure=Measure(questions=("q",), values={"1": 1, "2": 0}))
    >>> tree = IndexDefinition(code="demo", year=2026, name_vi="A", name_en="A", components=(top,))
    >>> sum_round(tree, pl.DataFrame({"q": [1, 2, 7]}), SampleDesign(), None).undeclared
    {'q': {'7': 1}}
    """

    totals: PsuTotals
    undeclared: Mapping[str, Mapping[str, int]]


def read_round(
    definition: IndexDefinition,
    path: Path,
    design: SampleDesign,
    domain: str | None,
    margins: WeightingPlan | None = None,
) -> Microdata:
    """Read the columns that a definition and a design ask for, labels in one writing.

    Parameters
    ----------
    definition : IndexDefinition
        With measures.
    path : Path
        Any format of `read_microdata`.
    design : SampleDesign
    domain : str or None
        Column whose labels are the domains.
    margins : WeightingPlan, optional
        Margins to which the weights were calibrated, whose columns are read too.

    Raises
    ------
    DataError
        If the file cannot be read, a column is missing, or a respondent is named twice.

    Notes
    -----
    Codes that the file itself declares missing become null in plain numbers; where the definition says what codes mean,
    its word counts.
    """
    measures = [c.measure for c in definition.measured if c.measure is not None]
    asked = [column for measure in measures for column in measure.columns]
    found = read_columns(path, asked, design, [domain] if domain else [], margins)
    plain = {q for measure in measures if not measure.values and not measure.missing for q in measure.questions}
    return without_missing(replace(found, missing={c: codes for c, codes in found.missing.items() if c in plain}))


def read_columns(
    path: Path,
    asked: Sequence[str],
    design: SampleDesign,
    domains: Sequence[str],
    margins: WeightingPlan | None = None,
) -> Microdata:
    """Read the columns that are asked for and those of a design, the latter's labels and domains in one writing.

    Raises
    ------
    DataError
        As `read_round`.
    """
    known = _known(margins, read_microdata(path, list(design.columns))) if margins else ()
    found = read_microdata(path, list(dict.fromkeys((*design.columns, *domains, *asked, *known))))
    check_respondents(path, found.columns, design.respondent)
    labels = [column for column in (*domains, design.strata, design.psu, design.ssu, *known) if column]
    return replace(found, frame=normalise_text(found.frame, list(dict.fromkeys(labels))))


def sum_round(
    definition: IndexDefinition,
    frame: IntoFrame,
    design: SampleDesign,
    domain: str | None,
    margins: WeightingPlan | None = None,
) -> RoundSums:
    """Sum the measured leaves of a definition over a frame of Polars or Spark; with known margins of Polars alone.

    Raises
    ------
    DataError
        If nobody in the data has a known answer to an indicator: in one domain that is a gap, in all of them a wrong
        name or wrong codes. And as `psu_totals`.
    """
    measures = {c.code: c.measure for c in definition.measured if c.measure is not None}
    batches, domains = recode_answers(measures, frame), [domain] if domain else []
    if margins is None:
        totals = psu_totals(frame, batches, design, domains=domains)
    else:
        totals = calibrated_totals(_held(frame), batches, design, margins, domains=domains)
    refuse_silence(totals)
    return RoundSums(totals=totals, undeclared=undeclared(measures, frame) if totals.n_unknown else {})


def _known(margins: WeightingPlan, found: Microdata) -> tuple[str, ...]:
    """Columns that the margins read, with the file named in the fault."""
    try:
        return margin_columns(margins, found.columns)
    except DataError as fault:
        raise placed("{file}: {fault}", fault, file=found.name) from None


def _held(frame: IntoFrame) -> pl.DataFrame:
    """Fetch the rows, which margins go over several times."""
    held = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    if not isinstance(held, pl.DataFrame):
        raise DesignError("--margins goes with the engine polars; leave --engine spark out")
    return held


def refuse_silence(totals: PsuTotals) -> None:
    """Raise DataError for variables that nobody at all answered."""
    silent = [name for name, n in zip(totals.variables, totals.n.sum(axis=0), strict=True) if not n]
    if silent:
        raise DataError(
            "{variables}: nobody in the data has a known answer; check the question and its codes",
            variables=", ".join(silent),
        )


def usual_variance(n_domains: int) -> VarianceRule:
    """Choose the rule that the coverage study finds honest for so many domains.

    Examples
    --------
    >>> usual_variance(63), usual_variance(2)
    ('pooled', 'own')
    """
    return "pooled" if n_domains >= POOLED_FROM else "own"
