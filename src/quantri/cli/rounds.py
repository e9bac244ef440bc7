"""A round of microdata from its file to scores, for every command that scores one."""

import argparse
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quantri import __version__
from quantri.cli.answers import Row
from quantri.cli.designs import design_of, inference_of, margin_names, margin_notes
from quantri.cli.output import complain
from quantri.cli.printing import as_csv
from quantri.cli.progress import Progress
from quantri.engine.definition import IndexDefinition
from quantri.errors import DesignError, in_file
from quantri.said import Said
from quantri.words import say, told

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

    from quantri.engine.design import Inference
    from quantri.engine.scoring import Scores
    from quantri.engine.weighting_plan import WeightingPlan


TITLED = ("definition", "n", "confidence", "df_rule", "variance_rule", "lonely")


@dataclass(frozen=True, kw_only=True)
class Round:
    """Scores of a file, and what was noticed on the way."""

    scores: "Scores"
    inference: "Inference"
    undeclared: Mapping[str, Mapping[str, int]]
    is_synthetic: bool
    margins: "WeightingPlan | None" = None


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Rows to sum, all columns of their file, the definition in the file's codes, and the guard of fetching."""

    frame: "IntoFrame"
    columns: Sequence[str]
    definition: IndexDefinition
    fetching: AbstractContextManager[None]  # turns a fault met while rows are fetched into one sentence


def scored(
    definition: IndexDefinition, data: Path, arguments: argparse.Namespace, margins: "WeightingPlan | None" = None
) -> Round:
    """Read, sum and score; polars is imported here, since other commands do without it."""
    from quantri.engine.rounds import SYNTHETIC, sum_round
    from quantri.engine.scoring import score

    design = design_of(arguments)
    source = _read(definition, data, arguments, margins)
    with Progress().step(Said("reading and summing {file}", file=data.name)), source.fetching, in_file(data.name):
        sums = sum_round(source.definition, source.frame, design, arguments.domain, margins)
    inference = inference_of(arguments, len(sums.totals.domains))
    with in_file(data.name):
        scores = score(definition, sums.totals, inference)
    return Round(
        scores=scores, inference=inference, undeclared=sums.undeclared,
        is_synthetic=definition.synthetic or SYNTHETIC in source.columns, margins=margins,
    )  # fmt: skip


def _read(
    definition: IndexDefinition, data: Path, arguments: argparse.Namespace, margins: "WeightingPlan | None"
) -> _Source:
    if getattr(arguments, "engine", "polars") == "spark":
        if margins is not None:
            raise DesignError("--margins goes with the engine polars; leave --engine spark out")
        if arguments.id:
            raise DesignError("--id goes with the engine polars; leave --engine spark out")
        from quantri.cli.spark import read_frame, working

        spark_frame = read_frame(data)
        return _Source(
            frame=spark_frame, columns=spark_frame.columns, definition=definition, fetching=working(str(data))
        )
    from quantri.engine.labelling import coded
    from quantri.engine.microdata import reading
    from quantri.engine.rounds import read_round

    found = read_round(definition, data, design_of(arguments), arguments.domain, margins)
    return _Source(
        frame=found.frame, columns=found.columns, definition=coded(definition, found), fetching=reading(found.name)
    )


def facts_of(found: Round, definition: IndexDefinition, arguments: argparse.Namespace) -> Row:
    """Say what an answer was made from, and by which rules."""
    from quantri.engine.microdata import sha256

    rules = found.inference
    return {
        "definition": f"{definition.code}-{definition.year}", "definition_sha256": sha256(arguments.definition),
        "data_sha256": sha256(arguments.data) if arguments.data.is_file() else None,  # none of what is in a cluster
        "engine_version": __version__, "synthetic": found.is_synthetic, "n": int(found.scores.totals.n_rows.sum()),
        "confidence": rules.confidence_level, "df_rule": rules.df_rule, "variance_rule": rules.variance_rule,
        "lonely": rules.lonely, "margins": margin_names(found.margins),
    }  # fmt: skip


def title_of(answer: Row, language: str) -> str:
    """Say the facts of an answer in one line above its table."""
    title = say(
        "{definition}, {n} respondents, {confidence:.0%} intervals, df {df_rule}, variance {variance_rule}, lonely "
        "PSUs {lonely}.",
        language, **{name: answer[name] for name in TITLED},
    )  # fmt: skip
    return " ".join([*([say("SYNTHETIC DATA.", language)] if answer["synthetic"] else []), title])


def as_marked_csv(answer: Row, rows: Sequence[Row], language: str) -> str:
    """Print rows that each say whether they are synthetic; what is to be noted goes to standard error."""
    for note in (*margin_notes(answer.get("margins")), *answer["notes"]):
        complain(told(note, language))
    return as_csv([{**row, "synthetic": answer["synthetic"]} for row in rows])


def undeclared_notes(undeclared: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Tell codes that the definition does not know, with how often they came."""
    note = "{question}: code {code} is not declared; {n} answers count as missing"
    return [
        Said(note, question=question, code=code, n=n)
        for question, codes in undeclared.items()
        for code, n in codes.items()
    ]
