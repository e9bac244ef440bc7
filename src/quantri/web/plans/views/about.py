"""About the plan: the words of its document, saved field by field as they are typed."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.plans.changes import ChangedMeanwhile, mark_of
from quantri.web.plans.forms import WordsForm
from quantri.web.plans.models import Plan
from quantri.web.plans.views.editing import own_plan
from quantri.web.plans.words import WORDS, set_words


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why a field was not saved: a fault, or what somebody else saved meanwhile."""

    said: str
    theirs: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of the page: what stands in it, what its reader has seen, and why it was not saved."""

    name: str
    label: str
    help: str
    text: str
    seen: str
    trouble: Trouble | None


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the words of the document; save those that were sent, one or all."""
    plan, troubles = own_plan(request, pk), {}
    if request.method == "POST":
        troubles = _save(request, plan)
        plan = own_plan(request, pk)
        if not troubles and not request.htmx:
            messages.success(request, _("Saved."))
            return redirect("plans:about", pk=pk)
    if request.htmx:
        fields = [field for field in _fields(request, plan, troubles) if field.name in request.POST]
        return render(
            request,
            "plans/_about_fields.html",
            {"plan": plan, "fields": fields, "saved": not troubles},
            status=_status(troubles),
        )
    return _page(request, plan, troubles=troubles)


def _save(request: HttpRequest, plan: Plan) -> dict[str, Trouble]:
    """Save each field that was sent and changed; return what was not saved, and why."""
    form = WordsForm(request.POST)
    troubles = {name: Trouble(said=" ".join(errors)) for name, errors in form.errors.items()}
    for name, value in form.cleaned_data.items():
        seen = request.POST.get(f"seen-{name}", "")
        if seen == mark_of(value):
            continue
        try:
            set_words(plan, name, value, by=request.user, seen=seen)
        except ChangedMeanwhile as changed:
            troubles[name] = Trouble(said=str(changed), theirs=tuple(_typed(changed.theirs).splitlines()))
    return troubles


def _fields(request: HttpRequest, plan: Plan, troubles: dict[str, Trouble]) -> list[Field]:
    found = []
    for name in WORDS:
        kept, trouble, shape = getattr(plan, name), troubles.get(name), WordsForm.base_fields[name]
        fault = trouble is not None and trouble.theirs is None
        found.append(Field(
            name=name, label=shape.label, help=shape.help_text, trouble=trouble,
            text=request.POST.get(name, "") if trouble else _typed(kept),
            seen=request.POST.get(f"seen-{name}", "") if fault else mark_of(kept),
        ))  # fmt: skip
    return found


def _typed(kept: str | list[str]) -> str:
    return kept if isinstance(kept, str) else "\n".join(kept)


def _status(troubles: dict[str, Trouble]) -> int:
    if any(trouble.theirs is not None for trouble in troubles.values()):
        return 409
    return 422 if troubles else 200


def _page(request: HttpRequest, plan: Plan, *, troubles: dict[str, Trouble]) -> HttpResponse:
    context = {"plan": plan, "step": "about", "fields": _fields(request, plan, troubles), "troubles": troubles}
    return render(request, "plans/about.html", context, status=_status(troubles))
