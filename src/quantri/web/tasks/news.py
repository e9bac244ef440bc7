"""What agencies are told of their parts: given, returned, answered."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.web.accounts.models import Agency, User
from quantri.web.accounts.telling import News, tell, tell_coordinators, tell_head
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Amendment, Assignment, Extension, Handover, OneUseLink, PartChange, Progress
from quantri.web.tasks.shifts import shifts_of

LINES = 20  # tasks that one letter names


def parts_given(parts: Iterable[Assignment]) -> None:
    """Tell each agency of its new part, once the plan is carried out; before that it may still change."""
    with translation.override(settings.LANGUAGE_CODE):
        told = {part.agency: _given(part) for part in parts if part.task.plan.is_in_force}
        tell(told, today=timezone.localdate())


def part_taken_over(before: Assignment, taken: Assignment) -> None:
    """Tell an agency that it carries what another one carried, and as what."""
    with translation.override(settings.LANGUAGE_CODE):
        given = _given(taken)
        more = _("It takes over the part of %(agency)s.") % {"agency": before.agency}
        told = replace(given, key=f"part-given:{taken.pk}:after:{before.pk}", body=f"{given.body} {more}")
        tell({taken.agency: told}, today=timezone.localdate())


def plan_issued(plan: Plan) -> None:
    """Tell each agency once how many parts it has in a plan that came into force."""
    by_agency: dict[object, int] = {}
    standing = Assignment.objects.filter(task__plan=plan, task__ended_at=None, valid_to=None, closed_on=None)
    for part in standing.select_related("agency"):
        by_agency[part.agency] = by_agency.get(part.agency, 0) + 1
    with translation.override(settings.LANGUAGE_CODE):
        tell({agency: _issued(plan, n) for agency, n in by_agency.items()}, today=timezone.localdate())


def report_returned(progress: Progress) -> None:
    """Tell the agency that its report came back, and why."""
    with translation.override(settings.LANGUAGE_CODE):
        part = progress.assignment
        body = _("Your report of %(period)s on “%(task)s” is returned: %(reason)s") % {
            "period": progress.period.name, "task": part.task.title, "reason": progress.returned_reason,
        }  # fmt: skip
        news = News(
            key=f"report-returned:{progress.pk}:{progress.mark}", subject=_("A report of your agency is returned"),
            body=body, link=reverse("work:report", args=[progress.period_id, part.pk]),
        )  # fmt: skip
        tell({part.agency: news}, today=timezone.localdate())


def link_used(link: OneUseLink) -> None:
    """Tell the agency when its one-use link was used and for what; it may say that it was somebody else."""
    with translation.override(settings.LANGUAGE_CODE):
        body = _(
            "A one-use link of your agency was used on %(when)s. Handed in for %(period)s on “%(task)s”: %(report)s. "
            "If it was none of you, say so on the page of the part."
        ) % _used(link)
        told = News(
            key=f"link-used:{link.pk}", subject=_("A one-use link of your agency was used"), body=body,
            link=reverse("work:part", args=[link.assignment_id]),
        )  # fmt: skip
        tell({link.assignment.agency: told}, today=timezone.localdate())


def link_disowned(link: OneUseLink, *, is_returned: bool) -> None:
    """Tell the coordinators that an agency did not use its link, and what became of the report."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = _used(link) | {"agency": link.assignment.agency}
        body = [
            _("%(agency)s says that somebody else used its one-use link on %(when)s, for %(period)s, “%(task)s”.")
            % facts,
            _("The report is returned, and other links of the part are withdrawn. Ask the agency how to reach it.")
            if is_returned
            else _("The report was accepted, handed in anew or locked meanwhile; look whether it may stand."),
        ]
        told = News(
            key=f"link-disowned:{link.pk}", subject=_("A one-use link was used by somebody else"), body="\n".join(body),
            link=reverse("work:part", args=[link.assignment_id]),
        )  # fmt: skip
        tell_coordinators(link.assignment.agency, told, today=timezone.localdate())


def _used(link: OneUseLink) -> dict[str, object]:
    handed_in = link.revision
    words = (handed_in.kind_word, handed_in.content.get("text", "")[:500]) if handed_in else ()
    return {
        "when": date_format(timezone.localtime(link.used_at), "SHORT_DATETIME_FORMAT"), "period": link.period.name,
        "task": link.assignment.task.title, "report": " – ".join(filter(None, words)),
    }  # fmt: skip


def extension_answered(asked: Extension) -> None:
    """Tell the agency whether it has more time."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"task": asked.assignment.task.title, "day": date_format(asked.asked_until), "answer": asked.answer}
        granted = _("More time until %(day)s is granted for “%(task)s”. %(answer)s") % facts
        refused = _("More time until %(day)s is not granted for “%(task)s”. %(answer)s") % facts
        body = granted if asked.is_granted else refused
        _answered(f"extension-answered:{asked.pk}", asked.assignment, body)


def handover_answered(asked: Handover) -> None:
    """Tell the agency whether its part goes."""
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"task": asked.assignment.task.title, "answer": asked.answer}
        gone = _("Your agency no longer carries its part in “%(task)s”. %(answer)s") % facts
        stays = _("Your agency keeps its part in “%(task)s”. %(answer)s") % facts
        body = gone if asked.state == Handover.State.ACCEPTED else stays
        if asked.is_escalated:
            body += " " + _("The refusal is brought before the head of the agency.")
        _answered(f"handover-answered:{asked.pk}", asked.assignment, body)


def refusal_escalated(asked: Handover) -> list[User]:
    """Tell the head of the agency of a refusal that was not accepted, and what to do; return who was told."""
    with translation.override(settings.LANGUAGE_CODE):
        part = asked.assignment
        facts = {"agency": part.agency, "task": part.task.title, "reason": asked.reason, "answer": asked.answer}
        body = [
            _("%(agency)s refused its part in “%(task)s”: %(reason)s") % facts,
            _("The coordinator does not agree: %(answer)s") % facts,
            _("Let the part be carried out, or ask on its page for the agency that shall carry it instead."),
        ]
        if part.last_day:
            body.append(_("It is due on %(day)s.") % {"day": date_format(part.last_day)})
        told = News(
            key=f"refusal-escalated:{asked.pk}", subject=_("Your agency refused a part; you decide what it does now"),
            body="\n".join(body), link=reverse("work:part", args=[part.pk]),
        )  # fmt: skip
        return tell_head(part.agency, told, today=timezone.localdate())


def parts_changed(changes: Iterable[PartChange]) -> None:
    """Tell each agency once what became of its parts, in a plan that is carried out; before that they may change."""
    touched: dict[Agency, list[PartChange]] = {}
    for change in changes:
        if change.assignment.task.plan.is_in_force:
            touched.setdefault(change.assignment.agency, []).append(change)
    with translation.override(settings.LANGUAGE_CODE):
        told = {agency: _of_parts(own) if own[1:] else _of_part(own[0]) for agency, own in touched.items()}
        tell(told, today=timezone.localdate())


def _of_part(change: PartChange) -> News:
    part = change.assignment
    body = _("Your part in “%(task)s” is changed. %(changes)s. Reason: %(reason)s") % _changed(change)
    return News(
        key=f"part-changed:{change.pk}", subject=_("A part of your agency is changed"), body=body,
        link=reverse("work:part", args=[part.pk]),
    )  # fmt: skip


def _of_parts(changes: list[PartChange]) -> News:
    lines, more = [_line(change) for change in changes[:LINES]], len(changes) - LINES
    if more > 0:
        lines.append(ngettext("and %(n)s more part", "and %(n)s more parts", more) % {"n": more})
    body = _("%(n)s parts of your agency are changed:") % {"n": len(changes)}
    return News(
        key=f"parts-changed:{changes[0].pk}", subject=_("Parts of your agency are changed"),
        body="\n".join([body, *lines]), link=reverse("work:mine"),
    )  # fmt: skip


def _line(change: PartChange) -> str:
    return _("“%(task)s”: %(changes)s. Reason: %(reason)s") % _changed(change)


def _changed(change: PartChange) -> dict[str, str]:
    shifts = "; ".join(map(str, shifts_of(change.before, change.after)))
    return {"task": change.assignment.task.title, "changes": shifts, "reason": change.reason}


def work_amended(plan: Plan, touched: Mapping[Agency, list[Amendment]]) -> None:
    """Tell each agency once which of its tasks a revision changed or dropped."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = {a.pk: _amended(a) for amendments in touched.values() for a in amendments}
        tell({agency: _of_revision(plan, [lines[a.pk] for a in touched[agency]]) for agency in touched},
             today=timezone.localdate())  # fmt: skip


def _amended(amendment: Amendment) -> str:
    facts = {"task": amendment.before.get("title", amendment.task.title), "reason": amendment.reason}
    if amendment.is_dropped:
        return _("“%(task)s” is dropped: %(reason)s") % facts
    shifts = "; ".join(map(str, shifts_of(amendment.before, amendment.after)))
    return f"“{facts['task']}”: {shifts}" + (f" ({amendment.reason})" if amendment.reason else "")


def _of_revision(plan: Plan, lines: list[str]) -> News:
    more = len(lines) - LINES
    if more > 0:
        lines = [*lines[:LINES], ngettext("and %(n)s more task", "and %(n)s more tasks", more) % {"n": more}]
    body = _("%(number)s changes tasks of your agency:") % {"number": plan.number}
    return News(
        key=f"work-amended:{plan.pk}", subject=_("Tasks of your agency are changed by a revision"),
        body="\n".join([body, *lines]), link=reverse("work:mine"),
    )  # fmt: skip


def _answered(key: str, part: Assignment, body: str) -> None:
    news = News(
        key=key, subject=_("A request of your agency is answered"), body=body, link=reverse("work:part", args=[part.pk])
    )
    tell({part.agency: news}, today=timezone.localdate())


def _given(part: Assignment) -> News:
    body = _("%(agency)s has a part in “%(task)s” (%(part)s).") % {
        "agency": part.agency, "task": part.task.title, "part": part.get_part_display(),
    }  # fmt: skip
    if part.last_day:
        body += " " + _("It is due on %(day)s.") % {"day": date_format(part.last_day)}
    return News(
        key=f"part-given:{part.pk}", subject=_("Your agency has a new part"), body=body,
        link=reverse("work:part", args=[part.pk]),
    )  # fmt: skip


def _issued(plan: Plan, n: int) -> News:
    body = ngettext(
        "The plan “%(plan)s” is issued. Your agency has %(n)s part in it.",
        "The plan “%(plan)s” is issued. Your agency has %(n)s parts in it.", n,
    ) % {"plan": plan, "n": n}  # fmt: skip
    return News(
        key=f"plan-issued:{plan.pk}", subject=_("A plan is issued in which your agency has parts"), body=body,
        link=reverse("work:mine"),
    )  # fmt: skip
