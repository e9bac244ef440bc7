"""One domain in a round: the whole tree with intervals, groups with support, and what its sample detects."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.web.core.frozen import frozen
from quantri.web.core.templatetags.numbers import named
from quantri.web.surveys.charts import Interval, among_all, cell
from quantri.web.surveys.exports import table
from quantri.web.surveys.lines import Standing, tree
from quantri.web.surveys.lookup import domain_of, earlier_than, round_of, scored_of, state
from quantri.web.surveys.scored import ScoredRound
from quantri.web.surveys.views.rounds import figures, figures_header


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A part of the index with all that is below it."""

    head: Standing
    lines: tuple[tuple[Standing, Interval | None], ...]


@require_safe
@frozen(state)
def place(request: HttpRequest, key: str, label: str) -> HttpResponse:
    row = round_of(request, key)
    found = scored_of(row)
    lines = tree(found, domain_of(found, label))
    heads = [line for line in lines if line.depth <= 1]
    context = {
        "row": row, "found": found, "facts": found.facts, "domain": lines[0].domain, "top": lines[0], "tab": "results",
        "heads": [(line, cell(line, among_all(found, line))) for line in heads], "branches": branches(found, lines),
        "earlier": earlier_than(request, row),
    }  # fmt: skip
    return render(request, "surveys/place.html", context)


def branches(found: ScoredRound, lines: tuple[Standing, ...]) -> list[Branch]:
    """Cut the tree at the parts of the index."""
    starts = [n for n, line in enumerate(lines) if line.depth == 1]
    ends = [*starts[1:], len(lines)]
    return [
        Branch(head=lines[a], lines=tuple((line, cell(line, among_all(found, line))) for line in lines[a + 1 : b]))
        for a, b in zip(starts, ends, strict=True)
    ]  # fmt: skip


@require_safe
@frozen(state)
def export(request: HttpRequest, key: str, label: str, ending: str) -> HttpResponse:
    """Give the whole tree as a file."""
    row = round_of(request, key)
    found = scored_of(row)
    rows = [
        [line.component.code, named(line.component), line.component.level, *figures(line)]
        for line in tree(found, domain_of(found, label))
    ]
    header = [_("Code"), _("Name"), _("Level"), *figures_header()]
    return table(row, found, ending, f"{row.key}-{label}", header, rows)
