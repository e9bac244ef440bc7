"""All rounds, and one round: every domain on a component with its interval, ranks and groups."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.web.core.frozen import frozen
from quantri.web.core.templatetags.numbers import named
from quantri.web.indices.rights import may_publish
from quantri.web.indices.templatetags.standing import group_word
from quantri.web.surveys.charts import caterpillar, cell, over
from quantri.web.surveys.exports import table
from quantri.web.surveys.lines import Standing, league, n_sure
from quantri.web.surveys.lookup import component_of, earlier_than, round_of, scored_of, state
from quantri.web.surveys.models import SurveyRound
from quantri.web.surveys.rights import may_score


@require_safe
@frozen(state)
def rounds(request: HttpRequest) -> HttpResponse:
    listed = list(SurveyRound.objects.visible_to(request.user).current().light())
    may_upload = request.user.is_authenticated and may_score(request.user)
    return render(request, "surveys/rounds.html", {"rounds": listed, "may_upload": may_upload})


@require_safe
@frozen(state, "code")
def one(request: HttpRequest, key: str) -> HttpResponse:
    row = round_of(request, key)
    found = scored_of(row)
    component = component_of(found, request.GET.get("code", ""))
    lines = league(found, component)
    scale = over(lines)
    context = {
        "row": row, "found": found, "facts": found.facts, "component": component, "tab": "results",
        "offered": found.components("index", "dimension", "sub_dimension"), "earlier": earlier_than(request, row),
        "chart": caterpillar(lines), "lines": [(line, cell(line, scale)) for line in lines], "n_sure": n_sure(lines),
        "has_joint": any(line.joint_low for line in lines),
        "may_freeze": not row.is_frozen and may_publish(request.user),
    }  # fmt: skip
    return render(request, "surveys/round.html", context)


@require_safe
@frozen(state, "code")
def export(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    """Give the table that is seen as a file."""
    row = round_of(request, key)
    found = scored_of(row)
    component = component_of(found, request.GET.get("code", ""))
    rows = [[named(line.domain), line.domain.label, *figures(line)] for line in league(found, component)]
    header = [_("Place"), _("Code"), *figures_header()]
    return table(row, found, ending, f"{row.key}-{component.code}", header, rows)


def figures_header() -> list[str]:
    """Names of the columns of `figures`."""
    return [
        _("Score"), _("Standard error"), _("Low"), _("High"), _("Respondents"), _("Design effect"), _("Rank"),
        _("Rank from"), _("Rank to"), _("Joint rank from"), _("Joint rank to"), _("Group"),
        *(_("Support: %(group)s") % {"group": group_word(name)} for name in ("high", "mid_high", "mid_low", "low")),
        _("Smallest change found"), _("Note"),
    ]  # fmt: skip


def figures(line: Standing) -> list[str | int | float | None]:
    """One line of a file."""
    support = dict(line.support)
    return [
        line.value, line.standard_error, line.low, line.high, line.n, line.design_effect, line.rank, line.rank_low,
        line.rank_high, line.joint_low, line.joint_high, group_word(line.group),
        *(support.get(name, 0.0) for name in ("high", "mid_high", "mid_low", "low")), line.detectable, line.note,
    ]  # fmt: skip
