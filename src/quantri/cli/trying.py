"""`quantri sensitivity`: an index under other choices of method beside its sampling error, and how its parts move."""

import argparse
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.answers import Row
from quantri.cli.designs import add_design, margin_notes, margins_of
from quantri.cli.parsing import Commands
from quantri.cli.printing import as_json, as_table
from quantri.cli.rounds import as_marked_csv, facts_of, scored, title_of, undeclared_notes
from quantri.engine.loading import load_definition
from quantri.text import nfc
from quantri.words import number, say, told

if TYPE_CHECKING:
    from quantri.engine.scoring import Scores
    from quantri.engine.sensitivity import Coherence, Sensitivity

WITHOUT = "without "  # begins the name of a choice that leaves a part out
FEWEST = 3  # domains that a correlation needs


def add_to(commands: Commands) -> None:
    """Add the command."""
    command = commands("sensitivity", "an index under other weights, roll-ups and goalposts, and how its parts move")
    language = command.language
    command.set_defaults(run=_sensitivity)
    command.option("definition", type=Path, metavar="DEFINITION.toml")
    command.option("data", type=Path, metavar="DATA", help=say("Parquet, CSV, XLSX, SPSS .sav or Stata .dta", language))
    command.option(
        "--domain", type=nfc, metavar="COL", help=say("score each label of this column, such as province", language)
    )
    command.option("--format", choices=("table", "json", "csv"), default="table")
    add_design(command)


def _sensitivity(arguments: argparse.Namespace, language: str) -> str:
    answer = sensitivity_answer(arguments)
    if arguments.format == "json":
        return as_json(answer)
    if arguments.format == "csv":
        return as_marked_csv(answer, answer["scores"], language)
    return _printed(answer, language)


def sensitivity_answer(arguments: argparse.Namespace) -> Row:
    """Score as defined and under each usual choice, from the same means."""
    from quantri.engine.sensitivity import coherence, under_other_choices

    definition = load_definition(arguments.definition)
    read = scored(definition, arguments.data, arguments, margins_of(arguments.margins))
    tried = under_other_choices(read.scores)
    notes = undeclared_notes(read.undeclared)
    if len(read.scores.domains) < FEWEST:
        notes.append("fewer than three domains, so nothing is said of how parts move together")
    return {
        **facts_of(read, definition, arguments), "domains": list(read.scores.domains), "choices": list(tried.choices),
        "widest_rank_move": tried.widest_rank_move, "scores": _rows(tried, read.scores),
        "coherence": [_coherence(found) for found in coherence(read.scores.definition, read.scores.estimates.value)],
        "notes": notes,
    }  # fmt: skip


def _rows(tried: "Sensitivity", scores: "Scores") -> list[Row]:
    return [
        {
            "domain": domain, "choice": choice, "score": _number(tried.score[d, v]),
            "se": None if v else _number(tried.standard_error[d]), "rank": int(tried.rank[d, v]) or None,
            "places": int(tried.rank[d, 0] - tried.rank[d, v]) if tried.rank[d, 0] and tried.rank[d, v] else None,
        }
        for d, domain in enumerate(scores.domains)
        for v, choice in enumerate(tried.choices)
    ]  # fmt: skip


def _coherence(found: "Coherence") -> Row:
    return {
        "code": found.code, "with_parent": {code: _number(r) for code, r in found.with_parent.items()},
        "between_parts": _number(found.between_parts), "alpha": _number(found.alpha),
        "pulls_against": list(found.pulls_against),
    }  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _printed(answer: Row, language: str) -> str:
    notes = [told(note, language) for note in (*margin_notes(answer["margins"]), *answer["notes"])]
    about = say("The index from 0 to 100 and, in brackets, the rank; se is the sampling error as defined.", language)
    widest = say("Most places that a choice moves a domain: {n}.", language, n=answer["widest_rank_move"])
    parts = [title_of(answer, language), *notes, about, widest, "", _score_table(answer, language)]
    if answer["coherence"]:
        move = "How parts move with their component over the domains; below 0 a part pulls against it."
        parts += ["", say(move, language), "", _coherence_table(answer["coherence"], language)]
    return "\n".join(parts)


def _score_table(answer: Row, language: str) -> str:
    own, *others = answer["choices"]
    by_place = {(row["domain"], row["choice"]): row for row in answer["scores"]}
    rows = [
        (domain, _scored(first, language), first["se"],
         *(_scored(by_place[domain, choice], language) for choice in others))
        for domain in answer["domains"]
        for first in [by_place[domain, own]]
    ]  # fmt: skip
    header = [say("domain", language), say(own, language), say("se", language)]
    return as_table([*header, *(_choice(choice, language) for choice in others)], rows, language)


def _scored(row: Row, language: str) -> str:
    if row["score"] is None:
        return "-"
    return number(f"{row['score']:.1f}", language) + f" ({row['rank']})"


def _choice(name: str, language: str) -> str:
    if name.startswith(WITHOUT):
        return say("without {code}", language, code=name.removeprefix(WITHOUT))
    return say(name, language)


def _coherence_table(found: list[Row], language: str) -> str:
    rows = [
        (component["code"], part, r, component["between_parts"], component["alpha"])
        for component in found
        for part, r in component["with_parent"].items()
    ]
    header = ("component", "part", "with it", "between parts", "alpha")
    return as_table([say(name, language) for name in header], rows, language)
