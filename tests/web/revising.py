"""A plan of 2026 that was revised twice: what was closed, dropped and moved, what was reported, and when."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from quantri.web.accounts.models import Agency, User
from quantri.web.deadlines.periods import periods_of
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.plans.models import Plan
from quantri.web.plans.revising import start_revision
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.amending import drop_task
from quantri.web.tasks.models import Amendment, Assignment, Evidence, Move, Progress, ReportingPeriod, Task
from quantri.web.tasks.moving import issue_with_work
from quantri.web.tasks.periods import lock_period

FIRST_ISSUE, SECOND_ISSUE, THIRD_ISSUE = date(2026, 1, 5), date(2026, 5, 15), date(2026, 8, 15)
Q1, Q2, Q3 = (period.ends_on for period in periods_of("quarter", 2026)[:3])
LEAD = "Thanh tra tỉnh"
TASKS = [
    TaskDraft(title="Niêm yết", components=("D5",), leads=(LEAD,), due_on=date(2026, 2, 28)),
    TaskDraft(title="Rà soát", components=("D5",), leads=(LEAD,), due_on=date(2026, 3, 10)),
    TaskDraft(title="Họp dân", components=("D1",), leads=(LEAD,), due_on=date(2026, 12, 15)),
]
SURVEY = TaskDraft(title="Khảo sát", components=("D1",), leads=(LEAD,), due_on=date(2026, 7, 31))


class Chain(NamedTuple):
    """A plan, its revision, and the revision of that."""

    first: Plan
    second: Plan
    third: Plan


def revised_twice(plan: Plan, *, by: User, locks: bool = True) -> Chain:
    """Issue a plan and two revisions.

    `Niêm yết` is closed under the first plan, `Rà soát` is dropped by the first revision, `Khảo sát` comes with that
    revision and is closed under it; `Họp dân` moves twice and reports under each plan. A period is locked before the
    next issue, or else moves along.
    """
    add_tasks(plan, TASKS, by=by)
    first = _issued(plan, "15/KH-UBND", FIRST_ISSUE, by=by)
    quarters = [_quarter(first, n) for n in range(3)]
    _closed(first, "Niêm yết", date(2026, 2, 20))
    report(first, "Niêm yết", quarters[0])
    report(first, "Họp dân", quarters[0], difficulty="Quý một thiếu kinh phí")
    if locks:
        lock_period(quarters[0], by=by)
    second = revised(first, "16/KH-UBND", SECOND_ISSUE, by=by, new=[SURVEY], dropped=["Rà soát"])
    report(second, "Họp dân", quarters[1], difficulty="Quý hai thiếu người")
    report(second, "Khảo sát", quarters[2])
    _closed(second, "Khảo sát", date(2026, 7, 20))
    if locks:
        lock_period(quarters[1], by=by)
    third = revised(second, "17/KH-UBND", THIRD_ISSUE, by=by)
    report(third, "Họp dân", quarters[2], difficulty="Quý ba mưa lũ")
    return Chain(*(Plan.objects.get(pk=each.pk) for each in (first, second, third)))


def revised(
    plan: Plan, number: str, day: date, *, by: User, new: Iterable[TaskDraft] = (), dropped: Iterable[str] = ()
) -> Plan:
    """Revise a plan in force, as if it had been issued on a day."""
    revision = start_revision(plan, by=by)
    add_tasks(revision, list(new), by=by)
    for title in dropped:
        drop_task(revision, plan.tasks.get(title=title), reason="Không còn phù hợp", by=by)
    agency = Agency.objects.get(name_vi=LEAD)
    send_for_opinions(revision, [agency], asked_on=timezone.localdate(), answer_by=None, by=by)
    made, moment = _issued(revision, number, day, by=by), _at(day)
    Plan.objects.filter(pk=plan.pk).update(superseded_at=moment)
    Move.objects.filter(after=made).update(moved_at=moment)
    Task.objects.filter(plan=plan).exclude(dropped_at=None).update(dropped_at=moment)
    Amendment.objects.filter(plan=made).exclude(applied_at=None).update(applied_at=moment)
    return made


def report(plan: Plan, title: str, period: ReportingPeriod, *, difficulty: str = "") -> Progress:
    """Hand a report in with evidence."""
    part = Assignment.objects.get(task__plan=plan, task__title=title)
    made = Progress.objects.create(
        assignment=part, period=period, state="accepted", difficulty=difficulty, submitted_at=timezone.now()
    )
    Evidence.objects.create(progress=made, name="Ảnh", link="https://example.org/anh", added_by="officer")
    return made


def _issued(plan: Plan, number: str, day: date, *, by: User) -> Plan:
    plan = issue_with_work(Plan.objects.get(pk=plan.pk), number=number, issued_on=timezone.localdate(), by=by)
    parts = Assignment.objects.filter(task__plan=plan, valid_from=timezone.localdate())
    parts.update(valid_from=day)
    plan.owners.update(valid_from=day)
    Plan.objects.filter(pk=plan.pk).update(issued_on=day)
    plan.refresh_from_db()
    return plan


def _quarter(plan: Plan, n: int) -> ReportingPeriod:
    p = periods_of("quarter", 2026)[n]
    return ReportingPeriod.objects.create(
        plan=plan, kind=p.kind, year=p.year, number=p.number, name_vi=p.name_vi, name_en=p.name_en,
        starts_on=p.starts_on, ends_on=p.ends_on, cut_off_on=p.cut_off_on,
    )  # fmt: skip


def _closed(plan: Plan, title: str, day: date) -> None:
    Assignment.objects.filter(task__plan=plan, task__title=title).update(closed_on=day)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001  made aware at once
