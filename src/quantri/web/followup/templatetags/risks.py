"""What is at risk, in a reader's words, each line with the page that mends it."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.text import cut
from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.deadlines.models import Clock
from quantri.web.deadlines.templatetags.days import days_left
from quantri.web.followup.owing import missing_reports
from quantri.web.followup.risks import Request
from quantri.web.followup.silence import Silence, SilentAgency
from quantri.web.inspections.models import Finding
from quantri.web.tasks.models import Assignment, Progress

register = template.Library()


def _names(n: int) -> dict[str, str]:
    return {
        "overdue": ngettext("part is overdue", "parts are overdue", n),
        "due-soon": ngettext("part is due within seven working days", "parts are due within seven working days", n),
        "waiting": ngettext("report waits to be read", "reports wait to be read", n),
        "returned": ngettext("returned report was not sent again", "returned reports were not sent again", n),
        "extension": ngettext("request for more time", "requests for more time", n),
        "handover": ngettext("hand-over or refusal to decide", "hand-overs or refusals to decide", n),
        "ended": ngettext("open part of an agency that has ended", "open parts of agencies that have ended", n),
        "undated": ngettext("part without a date", "parts without a date", n),
        "nobody": ngettext(
            "part of an agency where nobody who carries out work has an account",
            "parts of agencies where nobody who carries out work has an account",
            n,
        ),
        "answers-overdue": ngettext("answer to an inspection is overdue", "answers to inspections are overdue", n),
        "answers-due-soon": ngettext(
            "answer to an inspection is due within seven working days",
            "answers to inspections are due within seven working days",
            n,
        ),
        "clocks-overdue": ngettext("time limit of the law is overdue", "time limits of the law are overdue", n),
        "clocks-due-soon": ngettext(
            "time limit of the law ends within seven working days",
            "time limits of the law end within seven working days",
            n,
        ),
        "silent": ngettext("agency did not report", "agencies did not report", n),
    }


@register.simple_tag
def risk_name(code: str, count: int) -> str:
    """Say what is at risk; other apps name theirs themselves."""
    return _names(count).get(code, code)


@register.simple_tag
def risk_line(row: object, today: date, calendar: WorkingCalendar) -> SafeString:
    """Write one line with the address of the page where it is mended."""
    if isinstance(row, Assignment):
        due = getattr(row, "due", None) or row.last_day
        left = days_left(due, today, calendar) if due else _("no date")
        where = reverse("followup:agency", args=[row.agency_id])
        return format_html(
            '<a href="{}">{}</a> – <a href="{}">{}</a> <span class="quiet">({})</span>',
            reverse("work:part", args=[row.pk]), cut(row.task.name, 90), where, row.agency, left,
        )  # fmt: skip
    if isinstance(row, Finding):  # what was found is for those who inspect and who answer
        return format_html(
            '<a href="{}">{}</a> – {} <span class="quiet">({})</span>',
            reverse("followup:agency", args=[row.agency_id]), row.agency, cut(row.visit.programme.title, 90),
            days_left(row.due_on, today, calendar),
        )  # fmt: skip
    if isinstance(row, Clock):
        return format_html(
            '<a href="{}">{}</a> – {} <span class="quiet">({})</span>',
            reverse("deadlines:clock", args=[row.pk]), cut(row.subject_name, 90), row.agency,
            days_left(row.due_on, today, calendar),
        )  # fmt: skip
    if isinstance(row, SilentAgency):
        periods = format_html_join("; ", "{}", ((silence_line(each, today, calendar),) for each in row.silences))
        return format_html('<a href="{}">{}</a> – {}', reverse("followup:agency", args=[row.agency]), row.name, periods)
    if isinstance(row, Progress):
        where = reverse("work:decide", args=[row.pk])
        return format_html('<a href="{}">{}</a> – {}', where, row.assignment.agency, cut(row.assignment.task.name, 90))
    if isinstance(row, Request):
        where = reverse(f"work:answer-{row.code}", args=[row.key])
        return format_html('<a href="{}">{}</a> – {}: {}', where, row.agency, cut(row.task, 60), cut(row.reason, 80))
    return format_html('<a href="{}">{}</a>', getattr(row, "address", "#"), row)


@register.simple_tag
def silence_line(silence: Silence, today: date, calendar: WorkingCalendar) -> SafeString:
    """Say how many reports of which period are missing, and until when they can be handed in."""
    period = silence.period
    left = _("locked") if period.is_locked else days_left(period.cut_off_on, today, calendar)
    return format_html(
        '<a href="{}">{}</a> <span class="quiet">({})</span>', reverse("work:overview", args=[period.pk]),
        missing_reports(silence), left,
    )  # fmt: skip
