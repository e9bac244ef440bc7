"""Do the figures agree with each other: bounds, sums, what is withheld, intervals."""

import math

from django.utils.translation import gettext as _

from quantri.engine.definition import Component, IndexDefinition
from quantri.web.indices.sheets.cells import written, written_bound
from quantri.web.indices.sheets.contents import Contents
from quantri.web.indices.sheets.faults import Findings
from quantri.web.indices.sheets.series import Series

_BEYOND = 0.005  # thirds are printed as 0.33, and scores lie just below 1/3
_OFF = 5e-4


def check_figures(definition: IndexDefinition, contents: Contents, findings: Findings) -> None:
    """Note every figure that contradicts another one, with its cell."""
    for component in definition:
        whole = contents.scores.get(component.code)
        if whole is None:
            continue
        _check_bounds(component, whole, findings)
        children = definition.children(component.code)
        parts = [contents.scores[part.code] for part in children if part.code in contents.scores]
        if parts and len(parts) == len(children):
            _check_sums(component, whole, parts, findings)
        if component.parent is None:
            _check_withheld(whole, parts, findings)
        _check_intervals(whole, contents.lows.get(component.code), contents.highs.get(component.code), findings)


def _check_bounds(component: Component, series: Series, findings: Findings) -> None:
    low, high = component.bounds
    for key, value in series.values.items():
        if value is not None and not low - _BEYOND <= value <= high + _BEYOND:
            text = _("%(value)s of %(code)s lies outside %(low)s to %(high)s; correct it.")
            ends = {"low": written_bound(low), "high": written_bound(high)}
            findings.fault(series.cells[key], text % {"value": written(value), "code": component.code, **ends})


def _check_sums(component: Component, whole: Series, parts: list[Series], findings: Findings) -> None:
    for key, value in whole.values.items():
        given = [number for part in parts if (number := part.values.get(key)) is not None]
        if value is None or len(given) < len(parts):
            continue
        total = math.fsum(given)
        if abs(total - value) > _OFF + sum(series.rounding(key) for series in (whole, *parts)):
            text = _("%(code)s is %(value)s, but its parts add up to %(total)s; correct the one that is wrong.")
            named = {"code": component.code, "value": written(value), "total": written(total)}
            findings.fault(whole.cells[key], text % named)


def _check_withheld(top: Series, dimensions: list[Series], findings: Findings) -> None:
    for key, value in top.values.items():
        missing = [d.line.code for d in dimensions if d.values.get(key) is None and key not in d.bad]
        if value is not None and missing:
            text = _("The composite is given although %(codes)s is not; empty it, or fill in what is missing.")
            findings.fault(top.cells[key], text % {"codes": ", ".join(missing)})


def _check_intervals(score: Series, low: Series | None, high: Series | None, findings: Findings) -> None:
    for key, value in score.values.items():
        ends = (low.values.get(key) if low else None), (high.values.get(key) if high else None)
        if value is None or low is None or ends[0] is None or ends[1] is None:
            continue
        if not ends[0] - _BEYOND <= value <= ends[1] + _BEYOND:
            text = _("The interval %(low)s to %(high)s does not hold the score %(value)s; correct what is wrong.")
            named = {"low": written(ends[0]), "high": written(ends[1]), "value": written(value)}
            findings.fault(low.cells[key], text % named)
