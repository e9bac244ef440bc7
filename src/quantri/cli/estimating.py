"""`quantri estimate`: means, totals and ratios of a survey, with domains that never cut the design."""

import argparse
from math import isfinite, isinf, isnan
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.answers import Row
from quantri.cli.designs import add_design, design_of, inference_of, margin_names, margin_notes, margins_of
from quantri.cli.parsing import Commands
from quantri.cli.printing import as_json, as_table
from quantri.errors import DataError, DesignError, in_file
from quantri.text import nfc
from quantri.words import say, told

if TYPE_CHECKING:
    from quantri.engine.design import SampleDesign
    from quantri.engine.estimate import Estimates
    from quantri.engine.microdata import Microdata
    from quantri.engine.recode import Batch
    from quantri.engine.totals import PsuTotals
    from quantri.engine.weighting_plan import WeightingPlan


def add_to(commands: Commands) -> None:
    """Add the command."""
    command = commands("estimate", "means, totals and ratios of survey data, with standard errors")
    language = command.language
    command.set_defaults(run=_estimate)
    command.option("data", type=Path, metavar="DATA", help=say("Parquet, CSV, XLSX, SPSS .sav or Stata .dta", language))
    command.option(
        "--missing", type=_names, default=[], metavar="NA,888", help=say("codes that mean missing", language)
    )
    command.option(
        "--by", "--domain", type=_names, default=[], metavar="COL[,COL]",
        help=say("domains: combinations of labels", language),
    )  # fmt: skip
    command.option(
        "--where", type=nfc, metavar='"COL==VALUE"', help=say("only these rows, in the full design", language)
    )
    statistic = command.add_mutually_exclusive_group(required=True)
    statistic.add_argument("--mean", type=_names, metavar="A,B", help=say("means; proportions of a text", language))
    statistic.add_argument("--total", type=_names, metavar="A,B", help=say("totals", language))
    statistic.add_argument("--ratio", type=nfc, metavar="Y/X", help=say("ratio of two totals", language))
    command.option("--format", choices=("table", "json"), default="table")
    add_design(command)


def _names(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in nfc(text).split(",") if name.strip()))
    if not names:
        raise argparse.ArgumentTypeError("names no column")
    return names


def _estimate(arguments: argparse.Namespace, language: str) -> str:
    answer = estimate_answer(arguments)
    if arguments.format == "json":
        return as_json(answer)
    header = ("var", "estimate", "se", "low", "high", "n", "df", "note")
    rows = [
        (*(str(label) for label in (e["by"] or {}).values()), *(e[field] for field in header[:-1]),
         told(e["note"] or "", language))
        for e in answer["estimates"]
    ]  # fmt: skip
    title = say(
        "{n} respondents, {psus} PSUs, {strata} strata, {df} df; lonely PSUs: {lonely}.", language, **answer["design"]
    )
    table = as_table([*arguments.by, *(say(name, language) for name in header)], rows, language)
    mark = say("SYNTHETIC DATA.", language) + " " if answer["synthetic"] else ""
    notes = [told(note, language) for note in margin_notes(answer["design"]["margins"])]
    if n := answer["design"]["n_outside"]:
        notes.append(say("{n} respondents have no label of a domain and count in none", language, n=n))
    return "\n".join([f"{mark}{title}", *notes, "", table])


def estimate_answer(arguments: argparse.Namespace) -> Row:
    """Read, sum, estimate; polars is imported here, since other commands do without it."""
    from quantri.engine.estimate import means, sums, unit_variances
    from quantri.engine.pooling import pooled
    from quantri.engine.rounds import SYNTHETIC, read_columns
    from quantri.engine.variables import column_and_value

    stat = "ratio" if arguments.ratio else "mean" if arguments.mean else "total"
    design, inference, margins = design_of(arguments), inference_of(arguments), margins_of(arguments.margins)
    columns, labels = _columns(arguments), [*arguments.by]
    if arguments.where:
        labels.append(column_and_value(arguments.where)[0])
    data = read_columns(arguments.data, columns, design, labels, margins)
    totals = _totals(data, arguments, columns, design, margins)
    with in_file(data.name):
        found = (sums if stat == "total" else means)(totals, inference)
    if inference.variance_rule == "pooled":
        if stat == "total":
            raise DesignError("--variance pooled goes with means and ratios; a total grows with its domain")
        found = pooled(found, inference, unit_variances(totals, found.value))
    rows = [
        _row(dict(zip(arguments.by, label, strict=True)) or None, stat, variable, found, (d, k))
        for d, label in enumerate(totals.domains)
        for k, variable in enumerate(totals.variables)
    ]
    structure = totals.structure
    described = {
        "n": int(totals.n_rows.sum()), "psus": len(structure.psus), "strata": len(structure.strata),
        "df": structure.df, "lonely": inference.lonely, "n_outside": totals.n_outside,
    }  # fmt: skip
    rules = {
        "confidence": inference.confidence_level, "df_rule": inference.df_rule,
        "variance_rule": inference.variance_rule, "margins": margin_names(margins),
    }  # fmt: skip
    return {"design": {**described, **rules}, "synthetic": SYNTHETIC in data.columns, "estimates": rows}


def _columns(arguments: argparse.Namespace) -> list[str]:
    """Columns of the statistic: of a ratio numerator and denominator."""
    if not arguments.ratio:
        return list(arguments.mean or arguments.total)
    numerator, slash, denominator = (part.strip() for part in arguments.ratio.partition("/"))
    if not slash or not numerator or not denominator:
        raise DataError("--ratio {text!r}: write Y/X, two columns", text=arguments.ratio)
    return [numerator, denominator]


def _totals(
    data: "Microdata",
    arguments: argparse.Namespace,
    columns: list[str],
    design: "SampleDesign",
    margins: "WeightingPlan | None",
) -> "PsuTotals":
    """Sum the columns; what is wrong with rows is said with the name of the file."""
    from quantri.engine.calibrated import calibrated_totals
    from quantri.engine.microdata import reading
    from quantri.engine.rounds import refuse_silence
    from quantri.engine.tidy import without_missing
    from quantri.engine.totals import psu_totals
    from quantri.engine.variables import ratio_of, rows_where, variables_of

    frame, missing = without_missing(data).frame, arguments.missing
    with reading(data.name), in_file(data.name):
        if arguments.ratio:
            batches: tuple[Batch, ...] = (ratio_of(frame, columns[0], columns[1], missing),)
        else:
            batches = variables_of(frame, columns, missing)
        where = rows_where(arguments.where, frame) if arguments.where else None
        choice = {"domains": arguments.by, "where": where}
        if margins is None:
            totals = psu_totals(frame, batches, design, **choice)
        else:
            totals = calibrated_totals(frame.collect(), batches, design, margins, **choice)
        refuse_silence(totals)
    return totals


def _row(by: Row | None, stat: str, variable: str, found: "Estimates", at: tuple[int, int]) -> Row:
    df = found.df[at[0]]
    note = None
    if isnan(found.value[at]):
        note = "nobody in this domain has a known answer"
    elif isnan(found.standard_error[at]):
        note = "no stratum with two sampled units, so no standard error"
    elif isnan(found.low[at]):
        note = "no degree of freedom is left for an interval"
    elif isinf(df):
        note = "interval from the normal distribution"
    return {
        "by": by, "stat": stat, "var": variable, "estimate": number(found.value[at]),
        "se": number(found.standard_error[at]), "low": number(found.low[at]), "high": number(found.high[at]),
        "n": int(found.n[at]), "df": number(df), "note": note,
    }  # fmt: skip


def number(value: float) -> float | None:
    """Give a number for JSON: null when it is not known or not finite."""
    return float(value) if isfinite(value) else None
