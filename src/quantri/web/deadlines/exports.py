"""The calendar, the rules and the report periods as workbooks."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.web.core.tables import notes_of_demonstration, xlsx_file
from quantri.web.deadlines.counting import SpecialDay
from quantri.web.deadlines.models import Clock, LegalRule
from quantri.web.deadlines.periods import Period
from quantri.web.deadlines.wording import asked


def rules_file(rules: Iterable[LegalRule]) -> HttpResponse:
    """Write every version of every rule."""
    header = [_("Rule"), _("Name"), _("Kind"), _("What it asks"), _("Document"), _("Article"), _("Scope"),
              _("In force from"), _("until"), _("Certainty")]  # fmt: skip
    rows = [
        [r.rule, _name(r), r.get_kind_display(), asked(r), r.document, r.article, r.scope, _iso(r.valid_from),
         _iso(r.valid_to), r.certainty]
        for r in rules
    ]  # fmt: skip
    return xlsx_file("rules", header, rows, [_certainty()])


def calendar_file(year: int, days: Iterable[SpecialDay]) -> HttpResponse:
    """Write the days of a year that differ from the week."""
    header = [_("Day"), _("What"), _("Reason"), _("Document"), _("Certainty")]
    rows = [[_iso(d.date), _("off") if d.is_off else _("worked"), _name(d), d.document, d.certainty] for d in days]
    return xlsx_file(f"calendar-{year}", header, rows, [_certainty()])


def clocks_file(clocks: Iterable[Clock]) -> HttpResponse:
    """Write the register: the clocks that run, and those that were closed."""
    header = [_("For"), _("Rule"), _("Document"), _("Agency"), _("Started"), _("Due"), _("First counted to"),
              _("State"), _("Done on"), _("On time"), _("Pauses"), _("Extensions")]  # fmt: skip
    found = list(clocks)
    rows = [
        [c.subject_name, *_limit(c), str(c.agency),
         _iso(timezone.localdate(c.started_at)), _iso(c.due_on), _iso(c.first_due_on), str(c.state.label),
         _iso(c.stopped_on), {True: _("yes"), False: _("no")}.get(c.was_on_time, ""),
         "; ".join(f"{p.starts_on} – {p.ends_on or '…'}: {p.reason}" for p in c.pauses.all()),
         "; ".join(f"{e}: {e.document}" for e in c.extensions.all())]
        for c in found
    ]  # fmt: skip
    notes = [_("An empty day: the calendar of a year that it needs is missing."), *notes_of_demonstration(found)]
    return xlsx_file("clocks", header, rows, notes)


def _limit(clock: Clock) -> list[str]:
    """Name the rule of a clock and where it stands, or the document of whoever set the limit."""
    if clock.rule is None:
        return ["", clock.document]
    return [_name(clock.rule), f"{clock.rule.document}, {clock.rule.article}"]


def periods_file(year: int, periods: Iterable[Period], note: str) -> HttpResponse:
    """Write the report periods of a year."""
    header = [_("Period"), _("Figures from"), _("Figures to"), _("Units send by"), _("The province sends by")]
    rows = [[_name(p), _iso(p.starts_on), _iso(p.ends_on), _iso(p.cut_off_on), _iso(p.province_until)] for p in periods]
    return xlsx_file(f"report-periods-{year}", header, rows, [note])


def _certainty() -> str:
    return _(
        "Certainty A: read in the text; B: from works that quote it; C: read before later amendments, or unchecked."
    )


def _name(thing: SpecialDay | LegalRule | Period) -> str:
    return thing.name_en if get_language() == "en" else thing.name_vi


def _iso(day: object) -> str:
    return str(day) if day else ""
