"""Scores and indicators as the CSV texts of a release."""

import csv
import io
import math
from collections.abc import Iterable

from quantri.engine.definition import IndexDefinition
from quantri.engine.results import Unit
from quantri.web.indices.sheets.contents import Contents

WITHHELD = "not published"


def intervals(contents: Contents) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the printed intervals of published scores, by unit key and code."""
    return {
        (key, code): (low, high)
        for code in contents.lows.keys() & contents.highs.keys() & contents.scores.keys()
        for key, score in contents.scores[code].values.items()
        if score is not None
        and (low := contents.lows[code].values.get(key)) is not None
        and (high := contents.highs[code].values.get(key)) is not None
    }


def scores(
    definition: IndexDefinition, contents: Contents, units: Iterable[Unit]
) -> dict[tuple[str, str], float | None]:
    """Return the score of each unit on each component; a composite without a line of its own is added up."""
    found = {
        (unit.key, component.code): contents.scores[component.code].values.get(unit.key)
        for unit in units
        for component in definition
        if component.code in contents.scores
    }
    if definition.top.code not in contents.scores:
        codes = [component.code for component in definition.children(definition.top.code)]
        for unit in units:
            parts = [found.get((unit.key, code)) for code in codes]
            given = [part for part in parts if part is not None]
            found[unit.key, definition.top.code] = math.fsum(given) if parts and len(given) == len(parts) else None
    return found


def results_csv(definition: IndexDefinition, contents: Contents, units: tuple[Unit, ...]) -> str:
    """Write a row for every unit and component, and columns for intervals where any is printed."""
    printed = intervals(contents)
    values = scores(definition, contents, units)
    rows = [["unit", "code", "score", "derived", "note", *(["low", "high"] if printed else [])]]
    for unit in units:
        for component in definition:
            score = values[unit.key, component.code]
            derived = "1" if score is not None and component.code not in contents.scores else "0" * (score is not None)
            row = [unit.key, component.code, _figure(score), derived, "" if score is not None else WITHHELD]
            ends = [_figure(end) for end in printed.get((unit.key, component.code), ())] or ["", ""]
            rows.append(row + (ends if printed else []))
    return _csv(rows)


def indicators_csv(contents: Contents, units: tuple[Unit, ...]) -> str:
    """Write the indicators as printed, a row for each unit; empty where the sheet has none."""
    if not contents.indicators:
        return ""
    rows = [["parent", "position", "label_en", "label_vi", "scale", "unit", "value"]]
    for indicator in contents.indicators:
        line = indicator.series.line
        labels = [line.label_en, line.label_vi, line.scale]
        for unit in units:
            value = _figure(indicator.series.values.get(unit.key))
            rows.append([indicator.parent, str(indicator.position), *labels, unit.key, value])
    return _csv(rows)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
