"""The command `quantri`: parse, call the engine, print; bad input is one line a fault and exit code 2."""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from quantri.cli import changing, estimating, sampling, scoring, simulating, weighting
from quantri.cli.answers import Row, diagnosis_answer, outlook_answer, results_answer
from quantri.cli.printing import as_csv, as_json, as_table
from quantri.engine.diagnosis import diagnose
from quantri.engine.loading import DATA, load_archive, load_definition
from quantri.engine.outlook import SEED, learn, outlook
from quantri.engine.results import Archive
from quantri.engine.targets import TargetSpec, parse_target
from quantri.errors import DataError, QuantriError
from quantri.text import nfc


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        print(arguments.run(arguments))
    except QuantriError as fault:
        print(*(f"quantri: {line}" for line in str(fault).splitlines()), sep="\n", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quantri", description="Scores, diagnosis and checks of a provincial index.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    results = commands.add_parser("results", help="published scores of an edition")
    results.set_defaults(run=_results)
    results.add_argument("--province", type=nfc, metavar="P", help="code or name, with or without marks")
    diagnosis = commands.add_parser("diagnose", help="where a province stands, and what that suggests")
    diagnosis.set_defaults(run=_diagnose)
    diagnosis.add_argument(
        "--province", type=nfc, required=True, metavar="P", help="code or name, with or without marks"
    )
    for command in (results, diagnosis):
        command.add_argument("--index", default="papi", help="code of the index (default: papi)")
        command.add_argument("--year", type=int, required=True, metavar="Y", help="the edition")
        command.add_argument("--format", choices=("table", "json", "csv"), default="table")
    _add_outlook(commands)
    estimating.add_to(commands)
    scoring.add_to(commands)
    changing.add_to(commands)
    simulating.add_to(commands)
    check = commands.add_parser("check", help="check an index definition")
    check.set_defaults(run=_check)
    check.add_argument("definition", type=Path, metavar="DEFINITION.toml")
    sampling.add_to(commands)
    weighting.add_to(commands)
    return parser


def _add_outlook(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    likely = commands.add_parser("outlook", help="how likely targets are, from what provinces achieved before")
    likely.set_defaults(run=_outlook)
    likely.add_argument("--index", default="papi", help="code of the index (default: papi)")
    likely.add_argument("--base-year", type=int, required=True, metavar="Y", help="the edition to start from")
    likely.add_argument("--year", type=int, required=True, metavar="Z", help="the edition of the target")
    likely.add_argument("--province", type=nfc, required=True, metavar="P", help="code or name")
    likely.add_argument(
        "--target", action="append", default=[], metavar="CODE=SPEC",
        help="5.40, +0.20, keep, better, group:mid_high or rank:+3; may be repeated",
    )  # fmt: skip
    likely.add_argument("--hindsight", action="store_true", help="learn from all editions, also later ones")
    likely.add_argument("--format", choices=("table", "json"), default="table")


def _results(arguments: argparse.Namespace) -> str:
    edition = _archive(arguments).edition(arguments.year)
    units = [edition.unit(arguments.province)] if arguments.province else edition.units
    answer = results_answer(edition, units)
    if arguments.format == "table":
        header = ("province", "code", "level", "score", "derived", "note")
        rows = [
            (r["unit"]["name"], r["code"], r["level"], r["score"], "derived" if r["derived"] else "", r["note"] or "")
            for r in answer["rows"]
        ]
        return as_table(header, rows)
    return _print(answer, "rows", arguments.format)


def _diagnose(arguments: argparse.Namespace) -> str:
    archive = _archive(arguments)
    unit = archive.edition(arguments.year).unit(arguments.province)
    diagnosis = diagnose(archive, unit, arguments.year)
    answer = diagnosis_answer(diagnosis)
    if arguments.format != "table":
        return _print(answer, "components", arguments.format)
    rows = [_table_row(c) for c in answer["components"]]
    header = ("code", "score", "group", "rank", "of", "gap", "typical", "near", "low", "years", "advice", "name")
    title = f"{unit.name_vi} ({unit.code}), {archive.index.upper()} {arguments.year}. Interval not published; "
    explained = (
        "near = other provinces within a typical yearly move; low = years in the low group among comparable years."
    )
    return f"{title}{explained}\n\n{as_table(header, rows)}"


def _table_row(c: Row) -> tuple[object, ...]:
    standing = c["score"], c["group"] or "withheld", c["rank"], c["n"]
    movement = c["gap_to_next_group"], c["typical_move"], c["n_within_typical_move"]
    low = c["persistence"]["low_years"], c["persistence"]["comparable_years"]
    return (c["code"], *standing, *movement, *low, c["advice"] or "", c["name_vi"])


def _outlook(arguments: argparse.Namespace) -> str:
    archive = _archive(arguments)
    unit = archive.edition(arguments.base_year).unit(arguments.province)
    targets = _targets(arguments.target)
    model = learn(archive, arguments.base_year, known_until=archive.years[-1] if arguments.hindsight else None)
    answer = outlook_answer(outlook(model, unit, arguments.year, targets, rng=np.random.default_rng(SEED)))
    return as_json(answer) if arguments.format == "json" else _outlook_table(answer)


def _targets(texts: list[str]) -> dict[str, TargetSpec]:
    targets = {}
    for text in texts:
        code, equals, spec = text.partition("=")
        if not equals or code in targets:
            raise DataError(f"--target {text!r}: write CODE=SPEC, such as D1=5.40, once for each component")
        targets[code] = parse_target(spec)
    return targets


def _outlook_table(answer: Row) -> str:
    header = ("code", "base", "expected", "80% from", "80% to", "target", "points", "chance", "years", "note")
    rows = []
    for c in answer["components"]:
        low, high = c["intervals"]["80"] if c["intervals"] else (None, None)
        target = c["target"] or {"spec": "", "value": None}
        score = c["code"], c["base"], c["expected"], low, high
        rows.append((*score, target["spec"], target["value"], c["chance"], c["n_years"], c["note"] or ""))
    title = f"{answer['unit']['name']} ({answer['unit']['code']}), {answer['base_year']} to {answer['year']}"
    known = " with hindsight" if answer["hindsight"] else f", from what was published up to {answer['base_year']}"
    return f"{title}{known}.{_joint_sentence(answer['joint'])}\n\n{as_table(header, rows)}"


def _joint_sentence(joint: Row) -> str:
    if not joint["n_targets"]:
        return ""
    reached, n = joint["expected_reached"], joint["n_targets"]
    return f" Of {n} targets with a chance {reached:.1f} are expected; all of them: {joint['chance_all']:.0%}."


def _archive(arguments: argparse.Namespace) -> Archive:
    """Read the package's editions and those that were imported into the data folder."""
    imported = os.environ.get("QUANTRI_DATA_DIR")
    return load_archive(arguments.index, DATA, *([Path(imported) / "releases"] if imported else []))


def _check(arguments: argparse.Namespace) -> str:
    definition = load_definition(arguments.definition)
    return f"{definition.code}-{definition.year}: {len(definition.components)} components, no fault found"


def _print(answer: Row, rows: str, form: str) -> str:
    return as_json(answer) if form == "json" else as_csv(answer[rows])


if __name__ == "__main__":
    sys.exit(main())
