"""The command `quantri`: parse, call the engine, print; bad input is one line a fault and exit code 2."""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from quantri.cli import changing, detecting, estimating, sampling, scoring, simulating, trying, weighting
from quantri.cli.answers import diagnosis_answer, outlook_answer, results_answer
from quantri.cli.output import complain, prepare, put
from quantri.cli.parsing import parser
from quantri.cli.printing import as_csv, as_json
from quantri.cli.tables import diagnosis_table, outlook_table, results_table
from quantri.engine.diagnosis import diagnose
from quantri.engine.loading import DATA, load_archive, load_definition
from quantri.engine.outlook import SEED, learn, outlook
from quantri.engine.results import Archive
from quantri.engine.targets import TargetSpec, parse_target
from quantri.errors import DataError, QuantriError
from quantri.words import language_of, said, say


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    language = language_of(os.environ)
    prepare("table")
    arguments = parser(language, [module.add_to for module in MICRODATA]).parse_args(argv)
    prepare(getattr(arguments, "format", None) or "table")
    try:
        run = getattr(arguments, "run", None) or COMMANDS[arguments.command]
        return put(run(arguments, language))
    except QuantriError as fault:
        for single in fault.faults:
            complain(said(single, language))
        return 2
    except KeyboardInterrupt:
        return 130


def _results(arguments: argparse.Namespace, language: str) -> str:
    edition = _archive(arguments).edition(arguments.year)
    units = [edition.unit(arguments.province)] if arguments.province else edition.units
    answer = results_answer(edition, units)
    if arguments.format == "table":
        return results_table(answer, {u.code: u for u in units}, language)
    return as_json(answer) if arguments.format == "json" else as_csv(answer["rows"])


def _diagnose(arguments: argparse.Namespace, language: str) -> str:
    archive = _archive(arguments)
    unit = archive.edition(arguments.year).unit(arguments.province)
    answer = diagnosis_answer(diagnose(archive, unit, arguments.year))
    if arguments.format == "table":
        return diagnosis_table(answer, unit, language)
    return as_json(answer) if arguments.format == "json" else as_csv(answer["components"])


def _outlook(arguments: argparse.Namespace, language: str) -> str:
    archive = _archive(arguments)
    unit = archive.edition(arguments.base_year).unit(arguments.province)
    targets = _targets(arguments.target)
    model = learn(archive, arguments.base_year, known_until=archive.years[-1] if arguments.hindsight else None)
    answer = outlook_answer(outlook(model, unit, arguments.year, targets, rng=np.random.default_rng(SEED)))
    return as_json(answer) if arguments.format == "json" else outlook_table(answer, unit, language)


def _targets(texts: list[str]) -> dict[str, TargetSpec]:
    targets = {}
    for text in texts:
        code, equals, spec = text.partition("=")
        if not equals or code in targets:
            raise DataError("--target {text!r}: write CODE=SPEC, such as D1=5.40, once for each component", text=text)
        targets[code] = parse_target(spec)
    return targets


def _check(arguments: argparse.Namespace, language: str) -> str:
    definition = load_definition(arguments.definition)
    counted = say("{n} components, no fault found", language, n=len(definition.components))
    return f"{definition.code}-{definition.year}: {counted}"


def _archive(arguments: argparse.Namespace) -> Archive:
    """Read the package's editions and those that were imported into the data folder."""
    imported = os.environ.get("QUANTRI_DATA_DIR")
    return load_archive(arguments.index, DATA, *([Path(imported) / "releases"] if imported else []))


MICRODATA = (estimating, scoring, changing, trying, detecting, simulating, sampling, weighting)
COMMANDS = {"results": _results, "diagnose": _diagnose, "outlook": _outlook, "check": _check}

if __name__ == "__main__":
    sys.exit(main())
