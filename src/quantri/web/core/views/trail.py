"""The audit trail on screen and as a file, for those whose provinces or agencies it tells of."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from quantri.web.core.action_words import words_of
from quantri.web.core.changes import changes_of, kind_of, notes_of
from quantri.web.core.forms import TrailForm
from quantri.web.core.models import AuditEntry
from quantri.web.core.models.trail import AuditQuerySet
from quantri.web.core.paging import page_of
from quantri.web.core.tables import csv_file, xlsx_file

MOST_ROWS = 10_000  # of a file
LATELY = 500  # entries whose actions are offered


@login_required
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    entries, form = _asked(request)
    page = page_of(request, entries, "number")
    lately = AuditEntry.objects.visible_to(request.user).values_list("action", flat=True)[:LATELY]
    actions = [(action, words_of(action)) for action in sorted(set(lately))]
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form, "rows": [(e, changes_of(e), notes_of(e)) for e in page.rows], "older": page.older,
        "actions": actions, "query": query.urlencode(), "is_filtered": bool(query),
    }  # fmt: skip
    return render(request, "core/trail.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def table(request: HttpRequest, kind: str) -> HttpResponse:
    """Write the entries that the filters keep to a file; the newest, when there are too many."""
    entries, form = _asked(request)
    if form.errors:
        raise Http404
    header = [_("No."), _("Time"), _("Who"), pgettext("trail", "What"), _("Kind"), _("Subject"),
              _("Before and after"), _("Notes"), _("Code of the action")]  # fmt: skip
    rows = (_row(entry) for entry in entries[:MOST_ROWS].iterator(chunk_size=1000))
    if kind == "csv":
        return csv_file("audit", header, rows)
    note = _("The newest %(n)s entries at most; narrow the filter for older ones.") % {"n": MOST_ROWS}
    return xlsx_file("audit", header, rows, [note])


def _asked(request: HttpRequest) -> tuple[AuditQuerySet, TrailForm]:
    if not request.user.reads_trail():
        raise PermissionDenied
    form = TrailForm(request.GET)
    entries = AuditEntry.objects.visible_to(request.user)
    return (form.chosen(entries) if form.is_valid() else entries.none()), form


def _row(entry: AuditEntry) -> list[str | int]:
    changes = "; ".join(f"{c.field}: {c.before} → {c.after}" for c in changes_of(entry))
    notes = "; ".join(f"{name}: {value}" for name, value in notes_of(entry))
    at = timezone.localtime(entry.at).isoformat(sep=" ", timespec="seconds")
    return [
        entry.number,
        at,
        entry.actor,
        entry.said,
        kind_of(entry.subject),
        entry.about,
        changes,
        notes,
        entry.action,
    ]
