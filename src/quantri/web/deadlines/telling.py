"""Who owes something under a rule of law is told when others start its limit, and when the calendar moves its day."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.web.accounts.telling import News, tell
from quantri.web.core.models import AuditEntry
from quantri.web.deadlines.models import Clock


def tell_of_start(clock: Clock) -> None:
    """Write to the people of an agency for which somebody else started a clock."""
    with translation.override(settings.LANGUAGE_CODE):
        day = {"day": date_format(clock.due_on)} if clock.due_on else {}
        ends = _("It ends on %(day)s.") % day if day else _("Its last day is not known yet.")
        news = News(
            key=f"clock-started:{clock.pk}", subject=_("A time limit of the law runs for your agency"),
            body=f"{clock}. {ends}", link=reverse("deadlines:clock", args=[clock.pk]),
        )  # fmt: skip
        tell({clock.agency: news}, today=timezone.localdate())


def tell_owner(clock: Clock, before: date | None) -> None:
    """Write to the people of the agency; a limit that a decision set is told of by the app that started it."""
    if clock.rule is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        tell({clock.agency: _news(clock, before)}, today=timezone.localdate())


def _news(clock: Clock, before: date | None) -> News:
    """Write of one move; the trail counts the moves, so each is told once."""
    moves = AuditEntry.objects.filter(action="clock.moved", subject=clock._meta.label_lower, subject_key=str(clock.pk))
    return News(
        key=f"clock-moved:{clock.pk}:{moves.count()}", subject=_("A time limit of the law has moved"),
        body=f"{clock}. {_moved(before, clock)}", link=reverse("deadlines:clock", args=[clock.pk]),
    )  # fmt: skip


def _moved(before: date | None, clock: Clock) -> str:
    facts = {
        "day": date_format(clock.due_on) if clock.due_on else "", "before": date_format(before) if before else "",
        "year": clock.missing_year,
    }  # fmt: skip
    if clock.due_on is None:
        return _("Its last day cannot be counted before there is a working calendar of %(year)s.") % facts
    if before is None:
        return _("Its last day is known now, for the working calendar has come: %(day)s.") % facts
    return _("It ends on %(day)s, no longer on %(before)s, for the working calendar has changed.") % facts
