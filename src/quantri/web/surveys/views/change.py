"""Change between a round and an earlier one: what was found, what may be chance, and which indicators brought it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.web.core.frozen import frozen
from quantri.web.core.templatetags.numbers import named
from quantri.web.surveys import changes
from quantri.web.surveys.exports import table
from quantri.web.surveys.lookup import component_of, domain_of, earlier_than, round_of, scored_of, state
from quantri.web.surveys.models import SurveyRound

LEVELS = ("index", "dimension", "sub_dimension")


@require_safe
@frozen(state, "place", "code")
def change(request: HttpRequest, key: str) -> HttpResponse:
    row, before = _pair(request, key)
    found = changes.compared(before, row)
    scored = scored_of(row)
    label = request.GET.get("place", "")
    component = component_of(scored, request.GET.get("code", ""))
    findings = changes.findings(found, *LEVELS)
    if not label:  # begin where there is something to see
        label = findings[0].domain.label if findings else scored.domains[0].label
    domain = scored.domains[domain_of(scored, label)]
    lines = _drawn([c for c in changes.changes_of(found, label) if c.component.level in LEVELS])
    context = {
        "row": row, "before": before, "found": scored, "facts": scored.facts, "tab": "change", "domain": domain,
        "component": component, "findings": findings, "compared": found,
        "heads": [line for line in lines if line[0].depth <= 1], "rest": [line for line in lines if line[0].depth > 1],
        "chosen": next((c for c in changes.changes_of(found, label) if c.component == component), None),
        "contributions": changes.contributed(found, label, component),
        "offered": scored.components(*LEVELS),
    }  # fmt: skip
    return render(request, "surveys/change.html", context)


@require_safe
@frozen(state, "place")
def export(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    """Give every change of a place as a file."""
    row, before = _pair(request, key)
    found, scored = changes.compared(before, row), scored_of(row)
    label = request.GET.get("place", "") or scored.domains[0].label
    domain_of(scored, label)
    header = [
        _("Code"), _("Name"), _("Before"), _("After"), _("Change"), _("Low"), _("High"), _("p-value"),
        _("False-discovery rate"), _("Found"),
    ]  # fmt: skip
    rows = [
        [c.component.code, named(c.component), c.before, c.after, c.value, c.low, c.high, c.p, c.q,
         _("yes") if c.verdict == "found" else _("no")]
        for c in changes.changes_of(found, label)
    ]  # fmt: skip
    return table(row, scored, ending, f"change-{before.key}-{row.key}-{label}", header, rows)


def _drawn(lines: list[changes.Change]) -> list[tuple[changes.Change, changes.Span | None]]:
    """Draw each change, with one scale a level."""
    scales = {level: changes.around_zero([c for c in lines if c.component.level == level]) for level in LEVELS}
    return [(c, changes.span(c, scales[c.component.level])) for c in lines]


def _pair(request: HttpRequest, key: str) -> tuple[SurveyRound, SurveyRound]:
    row = round_of(request, key)
    before = earlier_than(request, row)
    if before is None:
        raise Http404(_("There is no earlier round to compare this one with."))
    return row, before
