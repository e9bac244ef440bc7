"""Visits of a programme, and candidates of a choice, in one table each: on the page and as a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quantri.web.accounts.models import Reader
from quantri.web.core.actor_words import actor_of
from quantri.web.core.tables import Cell
from quantri.web.inspections.models import Choice, Finding, Visit


@dataclass(frozen=True, kw_only=True)
class Row:
    """A visit with its findings counted; those that the reader may see."""

    visit: Visit
    findings: int
    settled: int
    late: int
    late_answers: int


def rows_of(visits: QuerySet[Visit] | Iterable[Visit], user: Reader, today: date) -> list[Row]:
    """Make rows of visits; three queries whatever their number."""
    if isinstance(visits, QuerySet):
        visits = visits.select_related("agency", "choice", "reinspects")
    shown = list(visits)
    seen = Finding.objects.visible_to(user).standing().filter(visit__in=[v.pk for v in shown])
    by_visit: dict[int, list[Finding]] = {}
    for finding in seen.prefetch_related("answers"):
        by_visit.setdefault(finding.visit_id, []).append(finding)
    return [_row(visit, by_visit.get(visit.pk, []), today) for visit in shown]


def header() -> list[str]:
    """Names of the columns of visits."""
    return [_("Agency"), _("Date of the visit"), _("Took place on"), _("State"), _("Why this place"), _("Findings"),
            _("Settled"), _("Answer overdue"), _("Answered late")]  # fmt: skip


def cells_of(row: Row) -> list[Cell]:
    visit = row.visit
    why = _("looks again at a finding") if visit.reinspects_id else visit.choice.get_method_display()
    return [visit.agency.name, visit.visit_on.isoformat(), visit.held_on and visit.held_on.isoformat(),
            str(visit.state), str(why), row.findings, row.settled, row.late, row.late_answers]  # fmt: skip


def choice_header() -> list[str]:
    """Names of the columns of candidates."""
    return [_("Place"), _("Number"), _("Taken"), _("Last inspected"), _("Late work"), _("of"), _("Silent"), _("of"),
            _("Returned"), _("of"), _("Risk"), _("Digest")]  # fmt: skip


def choice_cells(each: dict[str, Any]) -> list[Cell]:
    risk = each["risk"] or {}
    counts = [n for term in ("late", "silent", "returned") for n in risk.get(term, (None, None))]
    return [each["name"], each["key"], _("yes") if each["taken"] else _("no"), each["last_on"], *counts,
            risk.get("value"), each["digest"]]  # fmt: skip


def choice_notes(choice: Choice) -> list[str]:
    """Say what the choice is: how it was made and how to make it again."""
    return [
        choice.programme.title,
        _("Method: %(method)s; seed: %(seed)s; %(day)s; by %(who)s.")
        % {"method": choice.get_method_display(), "seed": choice.seed, "day": f"{choice.chosen_on:%d/%m/%Y}",
           "who": actor_of(choice.made_by)},
        _("Digest = SHA-256 of the text SEED|NUMBER; it orders a random choice and settles ties."),
        _("Risk = mean of the shares that could be counted: late work, silent periods, returned reports."),
    ]  # fmt: skip


def _row(visit: Visit, found: list[Finding], today: date) -> Row:
    answers = [a for f in found for a in f.answers.all()]
    for finding in found:
        finding.visit = visit
    return Row(
        visit=visit, findings=len(found), settled=sum(f.settled_on is not None for f in found),
        late=sum(f.is_late(today) for f in found), late_answers=sum(a.was_late for a in answers),
    )  # fmt: skip
