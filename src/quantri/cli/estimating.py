"""`quantri estimate`: means, totals and ratios of a survey, with domains that never cut the design."""

import argparse
from math import isfinite, isinf, isnan
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.answers import Row
from quantri.cli.designs import add_design, design_of, inference_of, margin_names, margin_notes, margins_of
from quantri.cli.parsing import Commands
from quantri.cli.printing import as_json, as_table
from quantri.errors import DataError, DesignError, placed
from quantri.text import nfc
from quantri.words import say, told

if TYPE_CHECKING:
    from quantri.engine.estimate import Estimates


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
        "--by", type=_names, default=[], metavar="COL[,COL]", help=say("domains: combinations of labels", language)
    )
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
    names = [name.strip() for name in nfc(text).split(",") if name.strip()]
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
    return "\n".join([f"{mark}{title}", *notes, "", table])


def estimate_answer(arguments: argparse.Namespace) -> Row:
    """Read, sum, estimate; polars is imported here, since other commands do without it."""
    from quantri.engine.calibrated import calibrated_totals
    from quantri.engine.estimate import means, sums, unit_variances
    from quantri.engine.microdata import read_microdata
    from quantri.engine.pooling import pooled
    from quantri.engine.rounds import SYNTHETIC, refuse_silence
    from quantri.engine.tidy import collected, without_missing
    from quantri.engine.totals import psu_totals
    from quantri.engine.variables import ratio_of, rows_where, variables_of

    data = read_microdata(arguments.data)
    frame = without_missing(data).frame
    design, inference, margins = design_of(arguments), inference_of(arguments), margins_of(arguments.margins)
    if arguments.ratio:
        numerator, slash, denominator = (part.strip() for part in arguments.ratio.partition("/"))
        if not slash or not numerator or not denominator:
            raise DataError("--ratio {text!r}: write Y/X, two columns", text=arguments.ratio)
        batches, stat = [ratio_of(frame, numerator, denominator, arguments.missing)], "ratio"
    else:
        stat = "mean" if arguments.mean else "total"
        batches = list(variables_of(frame, arguments.mean or arguments.total, arguments.missing))
    where = rows_where(arguments.where, frame) if arguments.where else None
    try:
        if margins is None:
            totals = psu_totals(frame, batches, design, domains=arguments.by, where=where)
        else:
            totals = calibrated_totals(collected(data), batches, design, margins, domains=arguments.by, where=where)
    except (DataError, DesignError) as fault:
        raise placed("{file}: {fault}", fault, file=data.name) from None
    refuse_silence(totals)
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
        "df": structure.df, "lonely": inference.lonely,
    }  # fmt: skip
    rules = {
        "confidence": inference.confidence_level, "df_rule": inference.df_rule,
        "variance_rule": inference.variance_rule, "margins": margin_names(margins),
    }  # fmt: skip
    return {"design": {**described, **rules}, "synthetic": SYNTHETIC in data.columns, "estimates": rows}


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
