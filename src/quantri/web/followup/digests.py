"""Digests: once a working day, in office hours, one letter a person with all that they are reminded of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.web.accounts.models import Membership, Role, User
from quantri.web.accounts.telling import heads_with_account
from quantri.web.core import audit
from quantri.web.core.mail import on_the_web
from quantri.web.core.models import Message
from quantri.web.core.outbox import Letter, post_all
from quantri.web.deadlines import calendars
from quantri.web.followup.models import DigestChoice, DigestRun, Reminder
from quantri.web.followup.owing import Owed, everything_owed
from quantri.web.followup.windows import HEAD, DaysLeft, house_rules

SYSTEM = audit.System("reminders")
SHOWN = 20  # things that a letter names; the rest is counted


@dataclass(frozen=True, slots=True)
class Due:
    """Something owed of which somebody is reminded today, for the windows that it reached."""

    owed: Owed
    days_left: int
    windows: tuple[str, ...]


def send_digests(now: datetime | None = None) -> int:
    """Write today's digests unless that was done, or offices are closed; return for how many people.

    All of a day is one transaction: when the program ends in the middle nothing of it is there, and the next pass
    begins anew.
    """
    local = timezone.localtime(now)
    calendar = calendars.current()
    if not house_rules().is_office_time(local, calendar) or DigestRun.objects.filter(day=local.date()).exists():
        return 0
    try:
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            return _written(local.date(), DaysLeft(local.date(), calendar))
    except IntegrityError:  # another pass was quicker
        return 0


def _written(today: date, days: DaysLeft) -> int:
    run = DigestRun.objects.create(day=today)
    due = list(_due(days))
    _remember(due, today)
    by_person = _by_person(due, today)
    post_all(_letters(by_person, today, is_guessed=days.is_guessed))
    run.people = len(by_person)
    run.save(update_fields=["people"])
    audit.record("digests.written", run, by=SYSTEM, people=run.people, parts=len(due))
    return run.people


def _due(days: DaysLeft) -> Iterator[Due]:
    """Give what is owed and stands in a window of which nobody was told."""
    told = {(row[:-2], *row[-2:]) for row in Reminder.objects.values_list(*Reminder.OF, "window", "due_on")}
    for owed in everything_owed(days.today):
        left = days.to(owed.due_on)
        windows = tuple(w for w in owed.windows(left) if (owed.mark, w, owed.due_on) not in told)
        if windows:
            yield Due(owed=owed, days_left=left, windows=windows)


def _remember(due: Iterable[Due], today: date) -> None:
    """Write down who was reminded of what, some rows at a time."""
    rows = (
        Reminder(**dict(zip(Reminder.OF, d.owed.mark, strict=True)), window=window, due_on=d.owed.due_on, day=today)
        for d in due
        for window in d.windows
    )
    while some := list(islice(rows, 1000)):
        Reminder.objects.bulk_create(some)


def _by_person(due: Iterable[Due], today: date) -> dict[User, list[Due]]:
    """Sort what is owed by whom it is told: who reports for the agency, and its head once it is late for long."""
    officers, heads = _people(today)
    found: dict[User, list[Due]] = defaultdict(list)
    for each in due:
        agency, told = each.owed.agency, set()
        if each.windows != (HEAD,):
            told |= officers.get(agency, set())
        if house_rules().is_escalated(each.days_left):
            told |= heads.get(agency, set())
        for person in told:
            found[person].append(each)
    return found


def _people(today: date) -> tuple[dict[int, set[User]], dict[int, set[User]]]:
    officers: dict[int, set[User]] = defaultdict(set)
    heads: dict[int, set[User]] = defaultdict(set)
    held = Membership.objects.on(today).filter(role=Role.OFFICER, user__is_active=True).select_related("user")
    for member in held.iterator(chunk_size=2000):
        officers[member.agency_id].add(member.user)
    for head in heads_with_account(today):
        heads[head.agency_id].add(head.user)
    return officers, heads


def _letters(by_person: dict[User, list[Due]], today: date, *, is_guessed: bool) -> Iterator[Letter]:
    """Write a notice to each person, and a letter to those who have an address and want letters."""
    silent = set(DigestChoice.objects.filter(by_email=False).values_list("user_id", flat=True))
    for person, due in by_person.items():
        subject, body = _words(due, today, is_guessed=is_guessed)
        words = {"recipient": person, "subject": subject, "body": body, "link": _link(due),
                 "scope": due[0].owed.scope}  # fmt: skip
        yield Letter(key=f"digest-notice:{person.pk}:{today}", channel=Message.Channel.NOTICE, **words)
        escalated = any(house_rules().is_escalated(d.days_left) for d in due)
        if person.email and (escalated or person.pk not in silent):
            yield Letter(key=f"digest:{person.pk}:{today}", address=person.email, **words)


def _link(due: list[Due]) -> str:
    """Lead to the parts and reports, or to the inspections or the register where nothing else is due."""
    if all(d.owed.finding for d in due):
        return reverse("inspections:list")
    return reverse("deadlines:clocks") if all(d.owed.clock for d in due) else reverse("work:mine")


def _words(due: list[Due], today: date, *, is_guessed: bool) -> tuple[str, str]:
    late = [d for d in due if d.days_left < 0]
    subject = _subject(due)
    if late:
        subject += _(", %(n)s of them late") % {"n": len(late)}
    lines = [_line(d) for d in sorted(due, key=lambda d: d.owed.due_on)[:SHOWN]]
    if len(due) > SHOWN:
        lines.append(_("and %(n)s more") % {"n": len(due) - SHOWN})
    if is_guessed:
        lines.append(_("The working calendar is not known that far; days were counted as calendar days."))
    lines.append(_("Letters or none: %(address)s") % {"address": on_the_web(reverse("followup:letters"))})
    return subject, "\n".join(lines)


def _subject(due: list[Due]) -> str:
    parts, reports, answers, limits = (
        sum(getattr(d.owed, kind) is not None for d in due) for kind in ("assignment", "period", "finding", "clock")
    )
    told = [
        (parts, ngettext("%(n)s part of your agency is due", "%(n)s parts of your agency are due", parts)),
        (reports, ngettext("reports of %(n)s period are due", "reports of %(n)s periods are due", reports)),
        (answers, ngettext("%(n)s answer to an inspection is due", "%(n)s answers to inspections are due", answers)),
        (limits, ngettext("%(n)s time limit of the law ends", "%(n)s time limits of the law end", limits)),
    ]
    return "; ".join(words % {"n": n} for n, words in told if n)


def _line(due: Due) -> str:
    facts = {
        "task": due.owed.title, "agency": due.owed.agency_name, "day": date_format(due.owed.due_on),
        "n": abs(due.days_left),
    }  # fmt: skip
    if due.days_left < 0:
        return _("– %(agency)s: %(task)s. Was due on %(day)s, %(n)s working days late.") % facts
    if due.days_left == 0:
        return _("– %(agency)s: %(task)s. Due today.") % facts
    return _("– %(agency)s: %(task)s. Due on %(day)s, %(n)s working days left.") % facts
