"""`quantri change`: two rounds of microdata compared at every component."""

import argparse
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.answers import Row
from quantri.cli.designs import add_design, inference_of, margin_names, margin_notes, margins_of
from quantri.cli.parsing import Commands
from quantri.cli.printing import as_json, as_table
from quantri.cli.rounds import as_marked_csv, scored, undeclared_notes
from quantri.engine.comparability import Links, same_tree
from quantri.engine.loading import load_definition, load_links
from quantri.errors import DataError, DesignError, in_file
from quantri.said import SHOWN, Said
from quantri.text import nfc
from quantri.words import say, told

if TYPE_CHECKING:
    from quantri.engine.definition import IndexDefinition
    from quantri.engine.differences import Differences
    from quantri.engine.scoring import Scores


def add_to(commands: Commands) -> None:
    """Add the command."""
    command = commands("change", "change between two rounds of microdata, tested and explained")
    language = command.language
    command.set_defaults(run=_change)
    command.option("before", type=Path, metavar="BEFORE.toml")
    command.option("before_data", type=Path, metavar="BEFORE_DATA")
    command.option("after", type=Path, metavar="AFTER.toml")
    command.option("after_data", type=Path, metavar="AFTER_DATA")
    command.option("--domain", type=nfc, metavar="COL", help=say("compare each label of this column", language))
    command.option("--links", type=Path, metavar="LINKS.toml", help=say("what may be compared, and why not", language))
    command.option("--shared-psus", action="store_true", help=say("both rounds were drawn in the same PSUs", language))
    command.option("--format", choices=("table", "json", "csv"), default="table")
    add_design(command)
    command.option(
        "--margins-after", type=Path, metavar="MARGINS.toml", help=say("of the later round, if others", language)
    )


def _change(arguments: argparse.Namespace, language: str) -> str:
    answer = change_answer(arguments)
    if arguments.format == "json":
        return as_json(answer)
    if arguments.format == "csv":
        return as_marked_csv(answer, answer["components"], language)
    header = ("domain", "code", "before", "after", "value", "se", "low", "high", "p", "q", "comparable", "reason")
    reason = "reason" if language == "vi" else "reason_en"
    rows = [
        (*(c[name] for name in header[:-2]), say(c["comparable"], language), c[reason] or c["reason"] or "")
        for c in answer["components"]
    ]
    notes = [told(note, language) for note in answer["notes"]]
    mark = [say("SYNTHETIC DATA.", language)] if answer["synthetic"] else []
    return "\n".join([*mark, *notes, "", as_table([say(name, language) for name in header], rows, language)])


def change_answer(arguments: argparse.Namespace) -> Row:
    """Score both rounds and compare them."""
    from quantri.engine.differences import compare_paired_rounds, compare_rounds

    inference = inference_of(arguments)
    if arguments.margins_after and not arguments.margins:
        raise DesignError("--margins-after needs --margins, those of the earlier round")
    definitions = load_definition(arguments.before), load_definition(arguments.after)
    _check_editions(*definitions)
    margins = [margins_of(file) for file in (arguments.margins, arguments.margins_after or arguments.margins)]
    files, names = (arguments.before_data, arguments.after_data), (Said("earlier round"), Said("later round"))
    rounds = []
    for definition, data, known, name in zip(definitions, files, margins, names, strict=True):
        with in_file(name):
            rounds.append(scored(definition, data, arguments, known))
    before, after = (found.scores for found in rounds)
    _check_domains(before, after)
    declared = load_links(arguments.links) if arguments.links else ()
    editions = {scores.definition.year: scores.definition for scores in (before, after)}
    links = Links(editions.values(), declared)
    compare = compare_paired_rounds if arguments.shared_psus else compare_rounds
    found = compare(before, after, links, inference)
    samples = Said("The two samples share PSUs" if arguments.shared_psus else "The two samples are independent")
    rate = "{samples}; q is the false-discovery rate over all components and domains tested."
    notes = [Said(rate, samples=samples), *margin_notes(margin_names(margins[0])), *_left_out(before, after)]
    notes += [note for found in rounds for note in undeclared_notes(found.undeclared)]
    synthetic = any(found.is_synthetic for found in rounds)
    return {"synthetic": synthetic, "components": _rows(found, before, after), "notes": notes}


def _check_editions(before: "IndexDefinition", after: "IndexDefinition") -> None:
    """Refuse what is no pair of rounds of one index."""
    if before.code != after.code:
        raise DataError("the definitions are of two indices, {one} and {other}", one=before.code, other=after.code)
    if before.year == after.year and not same_tree(before, after):
        raise DataError(
            "both definitions are of {year}, and differ; give the later one a year of its own", year=after.year
        )


def _check_domains(before: "Scores", after: "Scores") -> None:
    """Refuse rounds that have no domain in common."""
    if not set(before.domains) & set(after.domains):
        raise DataError(
            "no label of --domain is in both rounds: the earlier one has {one}, the later one {other}; write them "
            "alike",
            one=", ".join(before.domains[:SHOWN]), other=", ".join(after.domains[:SHOWN]),
        )  # fmt: skip


def _left_out(before: "Scores", after: "Scores") -> list[str]:
    lost = [d for d in (*before.domains, *after.domains) if (d in before.domains) != (d in after.domains)]
    return [Said("only one round has {domains}, so it is not compared", domains=", ".join(lost))] if lost else []


def _rows(found: "Differences", before: "Scores", after: "Scores") -> list[Row]:
    split = {domain: _contributions(before, after, domain) for domain in found.domains}
    return [
        {
            "domain": domain, "code": code, "before": _number(found.before[d, c]), "after": _number(found.after[d, c]),
            "value": _number(found.value[d, c]), "se": _number(found.standard_error[d, c]),
            "low": _number(found.low[d, c]), "high": _number(found.high[d, c]), "p": _number(found.p[d, c]),
            "q": _number(found.q[d, c]), "comparable": link.comparable, "reason": link.reason_vi or None,
            "reason_en": link.reason_en or None,
            "contributions": split[domain].get(code, []) if link.comparable != "no" else [],
        }
        for d, domain in enumerate(found.domains)
        for c, (code, link) in enumerate(zip(found.codes, found.links, strict=True))
    ]  # fmt: skip


def _contributions(before: "Scores", after: "Scores", domain: str) -> dict[str, list[Row]]:
    """Points that each indicator brought to each component above it; none where the two trees differ."""
    from quantri.engine.differences import contributions

    leaves = after.definition.measured
    if not same_tree(before.definition, after.definition):
        return {}
    columns = [after.definition.column(leaf.code) for leaf in leaves]
    first, second = (s.estimates.value[s.domains.index(domain)][columns] for s in (before, after))
    points = contributions(after.definition, first, second)
    return {
        component.code: [
            {"code": leaf.code, "points": float(points[k, m])}
            for k, leaf in enumerate(leaves)
            if points[k, m] and leaf.code != component.code
        ]
        for m, component in enumerate(after.definition)
        if component.measure is None and isfinite(points[:, m].sum())
    }


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
