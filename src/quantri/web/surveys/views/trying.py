"""Another weighting, and another size of the sample: two forms whose answers are pages of their own."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quantri.web.core.templatetags.numbers import named
from quantri.web.surveys import weights
from quantri.web.surveys.detecting import detecting
from quantri.web.surveys.exports import table
from quantri.web.surveys.forms import DetectForm, WeightsForm
from quantri.web.surveys.lookup import earlier_than, round_of, scored_of
from quantri.web.surveys.scored import ScoredRound


@require_safe
def weigh(request: HttpRequest, key: str) -> HttpResponse:
    """Set weights, or pick a usual choice, and see the ranks move beside the sampling error."""
    row = round_of(request, key)
    found = scored_of(row)
    form = _weights_form(request, found)
    tried = weights.tried(found, form.choice, form.asked) if form.is_valid() else None
    context = {
        "row": row, "found": found, "facts": found.facts, "tab": "weights", "form": form, "tried": tried,
        "earlier": earlier_than(request, row), "usual": found.known("usual", weights.usual),
        "is_first": not request.GET.get("choice"),
        "together": found.known("together", weights.togetherness), "words": dict(form.fields["choice"].choices),
    }  # fmt: skip
    return render(request, "surveys/weights.html", context, status=200 if tried else 422)


@require_safe
def weigh_export(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    """Give the ranks under the choice as a file; without a usable choice, those of the definition."""
    row = round_of(request, key)
    found = scored_of(row)
    form = _weights_form(request, found)
    if not form.is_valid():
        form = WeightsForm(weights.as_given(found.definition), definition=found.definition)
        form.is_valid()
    header = [
        _("Place"), _("Code"), _("Rank under this choice"), _("Rank as defined"), _("Places won"),
        _("Score under this choice, 0 to 100"), _("Score as defined, 0 to 100"), _("Rank from"), _("Rank to"),
    ]  # fmt: skip
    rows = [
        [named(m.domain), m.domain.label, m.rank_now, m.rank, m.places, m.score_now, m.score, m.rank_low, m.rank_high]
        for m in weights.tried(found, form.choice, form.asked).rows
    ]  # fmt: skip
    return table(row, found, ending, f"{row.key}-weights", header, rows)


@require_safe
def detect(request: HttpRequest, key: str) -> HttpResponse:
    """Say what change a sample finds, and what sample a change needs."""
    row = round_of(request, key)
    found = scored_of(row)
    form = _detect_form(request, found)
    answer = None
    if form.is_valid():
        chosen = form.cleaned_data
        d, m = found.row(chosen["place"]), found.definition.column(chosen["code"])
        answer = detecting(found, d, m, chosen["size"], chosen["change"])
    context = {
        "row": row, "found": found, "facts": found.facts, "tab": "detect", "form": form, "answer": answer,
        "earlier": earlier_than(request, row), "chosen": _chosen(form, found),
    }  # fmt: skip
    return render(request, "surveys/detect.html", context, status=200 if form.is_valid() else 422)


def _weights_form(request: HttpRequest, found: ScoredRound) -> WeightsForm:
    usual = weights.as_given(found.definition)
    choice = request.GET.get("choice", "") or weights.first_choice(found)
    given = request.GET if choice == weights.OWN else usual | {"choice": choice}
    return WeightsForm(given, definition=found.definition)


def _detect_form(request: HttpRequest, found: ScoredRound) -> DetectForm:
    defaults = {"place": found.domains[0].label, "code": found.definition.top.code, "size": "400", "change": "1"}
    given = {name: request.GET.get(name, "") or usual for name, usual in defaults.items()}
    return DetectForm(given, found=found)


def _chosen(form: forms.Form, found: ScoredRound) -> dict[str, object] | None:
    if not form.is_valid():
        return None
    place, code = form.cleaned_data["place"], form.cleaned_data["code"]
    return form.cleaned_data | {"domain": found.domains[found.row(place)], "component": found.definition[code]}
