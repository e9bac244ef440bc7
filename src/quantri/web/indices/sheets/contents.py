"""Everything that a table says: scores by component, their intervals, and the indicators between parts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from quantri.engine.results import Unit
from quantri.web.indices.sheets.cells import number, share
from quantri.web.indices.sheets.faults import Findings
from quantri.web.indices.sheets.layout import Line, Table
from quantri.web.indices.sheets.series import Ground, Series, read_series, say_strays


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A line between parts, in the printed order below its component."""

    parent: str
    position: int
    series: Series


@dataclass(kw_only=True)
class Contents:
    """What the tables of an edition say."""

    scores: dict[str, Series] = field(default_factory=dict)
    lows: dict[str, Series] = field(default_factory=dict)
    highs: dict[str, Series] = field(default_factory=dict)
    indicators: list[Indicator] = field(default_factory=list)


def gather(table: Table, ground: Ground, *, top: str, into: Contents, findings: Findings) -> None:
    """Add what one table says; a component that another table has given already is left out."""
    earlier = frozenset(into.scores)
    above = parent = ""  # the component to which an interval belongs, and the one to which an indicator belongs
    for line in table.lines:
        if line.kind == "score":
            above, parent = line.code, "" if line.code == top else line.code
            _add_score(line, ground, earlier, into, findings)
        elif line.kind in ("low", "high"):
            if above:
                side = into.lows if line.kind == "low" else into.highs
                side.setdefault(above, read_series(line, ground, number, findings))
        elif line.kind == "weighted":
            above = ""
            findings.remark(line.where, _("The weighted scores of this line are left out; only unweighted ones count."))
        elif line.kind == "clash":
            text = _("The labels of this line name different components (%(codes)s); correct them.")
            findings.fault(line.where, text % {"codes": line.code})
        elif line.kind == "other":
            above = ""
            _add_indicator(line, parent if not table.in_rows else "", ground, into, findings)


def _add_score(line: Line, ground: Ground, earlier: frozenset[str], into: Contents, findings: Findings) -> None:
    if line.code in earlier:
        text = _("%(code)s is given in another sheet already; this one is left out.")
        findings.remark(line.where, text % {"code": line.code})
        return
    series = read_series(line, ground, number, findings)
    say_strays(line, ground, findings)
    if series.is_empty:  # a heading, or a component that is not published; the definition asks for what is missing
        return
    if line.code in into.scores:
        text = _("%(code)s stands in the sheet twice, first at %(first)s; delete one of the two.")
        findings.fault(line.where, text % {"code": line.code, "first": into.scores[line.code].line.where})
        return
    into.scores[line.code] = series


def _add_indicator(line: Line, parent: str, ground: Ground, into: Contents, findings: Findings) -> None:
    cells = [line.grid.at(line.row, column) for column in ground.places.columns]
    has_numbers = any(isinstance(cell, int | float) for cell in cells)
    if parent and has_numbers:
        position = 1 + sum(other.parent == parent for other in into.indicators)
        series = read_series(line, ground, share, findings)
        into.indicators.append(Indicator(parent=parent, position=position, series=series))
    elif has_numbers or any(cell is not None for cell in cells):
        text = _("“%(label)s” is no component that is known, and is left out.")
        findings.remark(line.where, text % {"label": line.label_vi or line.label_en})


def lift_zeros(contents: Contents, units: Iterable[Unit], findings: Findings) -> None:
    """Read zeros in score lines, and the indicators below them, as withheld: the publisher prints both ways."""
    for unit in units:
        zeros = [s.cells[unit.key] for s in contents.scores.values() if s.values.get(unit.key) == 0]
        if zeros:
            text = _("%(name)s: zeros in score cells (%(n)s) are read as not published.")
            findings.remark(zeros[0], text % {"name": unit.name_vi, "n": len(zeros)})
    contents.scores = {code: _lifted(series) for code, series in contents.scores.items()}
    contents.indicators = [_without_withheld(indicator, contents) for indicator in contents.indicators]


def _lifted(series: Series) -> Series:
    return replace(series, values={key: value or None for key, value in series.values.items()})


def _without_withheld(indicator: Indicator, contents: Contents) -> Indicator:
    parent = contents.scores.get(indicator.parent)
    if parent is None:
        return indicator
    values = {
        key: None if value == 0 and parent.values.get(key) is None else value
        for key, value in indicator.series.values.items()
    }
    return replace(indicator, series=replace(indicator.series, values=values))
