"""`quantri power`: the smallest change that a second round detects, and the respondents that a change needs."""

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
from quantri.words import say, told

if TYPE_CHECKING:
    from quantri.engine.scoring import Scores

NOTHING = "without a standard error, or where nothing varies, nothing can be said"


def add_to(commands: Commands) -> None:
    """Add the command."""
    command = commands("power", "the smallest change that two rounds detect, and the respondents that a change needs")
    language = command.language
    command.set_defaults(run=_power)
    command.option("definition", type=Path, metavar="DEFINITION.toml")
    command.option("data", type=Path, metavar="DATA", help=say("Parquet, CSV, XLSX, SPSS .sav or Stata .dta", language))
    command.option(
        "--domain", type=nfc, metavar="COL", help=say("score each label of this column, such as province", language)
    )
    command.option(
        "--change", type=float, metavar="X", help=say("respondents that each round needs to detect this", language)
    )
    command.option(
        "--respondents", type=int, metavar="N", help=say("smallest change that so many detect in each round", language)
    )
    command.option(
        "--power", type=float, default=0.8, metavar="P", help=say("chance of finding the change (0.8)", language)
    )
    command.option("--format", choices=("table", "json", "csv"), default="table")
    add_design(command)


def _power(arguments: argparse.Namespace, language: str) -> str:
    answer = power_answer(arguments)
    if arguments.format == "json":
        return as_json(answer)
    if arguments.format == "csv":
        return as_marked_csv(answer, answer["components"], language)
    return _printed(answer, language)


def power_answer(arguments: argparse.Namespace) -> Row:
    """Score the round, and say what two such rounds would show."""
    definition = load_definition(arguments.definition)
    read = scored(definition, arguments.data, arguments, margins_of(arguments.margins))
    rows = _rows(read.scores, arguments)
    return {
        **facts_of(read, definition, arguments), "power": arguments.power, "change": arguments.change,
        "respondents": arguments.respondents, "domains": list(read.scores.domains), "components": rows,
        "notes": undeclared_notes(read.undeclared),
    }  # fmt: skip


def _rows(scores: "Scores", arguments: argparse.Namespace) -> list[Row]:
    import numpy as np

    from quantri.engine.power import detectable_change, detectable_with, needed_sample

    found = scores.estimates
    least = detectable_change(
        found.standard_error, found.df[:, None], confidence_level=arguments.confidence, power=arguments.power
    )
    least = np.where(least > 0, least, np.nan)
    n, blank = found.n.astype(np.float64), np.full(least.shape, np.nan)
    needed = blank if arguments.change is None else needed_sample(n, least, arguments.change)
    of_size = blank if arguments.respondents is None else detectable_with(n, least, arguments.respondents)
    return [
        {
            "domain": domain, "code": component.code, "level": component.level, "n": int(found.n[d, m]),
            "se": _number(found.standard_error[d, m]), "df": _number(found.df[d]), "detectable": _number(least[d, m]),
            "needed": int(needed[d, m]) if isfinite(needed[d, m]) else None,
            "detectable_with": _number(of_size[d, m]), "note": None if isfinite(least[d, m]) else NOTHING,
        }
        for d, domain in enumerate(scores.domains)
        for m, component in enumerate(scores.definition)
    ]  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _printed(answer: Row, language: str) -> str:
    asked = {"needed": answer["change"], "detectable_with": answer["respondents"]}
    figures = ("n", "se", "df", "detectable", *(name for name, value in asked.items() if value is not None))
    rows = [
        (row["domain"], row["code"], say(row["level"], language), *(row[name] for name in figures),
         told(row["note"] or "", language))
        for row in answer["components"]
    ]  # fmt: skip
    about = "The smallest change that a second round of this design finds with a chance of {power:.0%}, in points."
    lines = [
        title_of(answer, language),
        *(told(note, language) for note in (*margin_notes(answer["margins"]), *answer["notes"])),
        say(about, language, power=answer["power"]),
    ]
    if answer["change"] is not None:
        text = "needed: respondents of each round for a change of {change:g}, in more PSUs of the same kind."
        lines.append(say(text, language, change=answer["change"]))
    if answer["respondents"] is not None:
        text = "detectable_with: the smallest change with {n} respondents in each round."
        lines.append(say(text, language, n=answer["respondents"]))
    header = ("domain", "code", "level", *figures, "note")
    return "\n".join([*lines, "", as_table([say(name, language) for name in header], rows, language)])
