"""How the example's plan is carried out: periods, made-up reports in each state, requests, and a made-up picture."""

import io
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from quantri.web.accounts.models import User
from quantri.web.plans.models import Plan
from quantri.web.portal.demonstration import SYSTEM
from quantri.web.tasks.asking import ask_extension, ask_handover
from quantri.web.tasks.dating_back import date_parts_back, date_report_back
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod, Task
from quantri.web.tasks.models.task import CARRIERS
from quantri.web.tasks.periods import lock_period, open_periods
from quantri.web.tasks.proof import add_file
from quantri.web.tasks.reporting import NOTHING, Reported, accept, give_back, submit

Told = Mapping[str, Any]
STATES = ("accepted", "completed", "waiting", "returned", "nothing")
WITH_PICTURE = ("accepted", "completed")


def carry_out(plan: Plan, told: Told, users: Mapping[str, User], today: date) -> None:
    """Let a plan that was issued be carried out up to a day; periods that are over are locked."""
    coordinator = users["dieuphoi"]
    plan.refresh_from_db()
    open_periods(plan, "quarter", by=coordinator)
    date_parts_back(plan, plan.issued_on, by=SYSTEM)
    over = [p for p in plan.periods.filter(kind="quarter") if p.cut_off_on < today]
    now = plan.periods.filter(kind="quarter", cut_off_on__gte=today).first()
    tasks = dict(zip(plan.tasks.order_by("pk"), told["task"], strict=True))
    reporter = _Reporter(told["words"], coordinator)
    for period in over[-1:]:
        _report_earlier(reporter, period, tasks)
    for period in over:
        lock_period(period, by=SYSTEM)
    _report_now(reporter, now, tasks, told["reports"])
    _ask(plan, told["words"], users, today)


class _Reporter:
    """Hands reports in and decides on them."""

    def __init__(self, words: Told, coordinator: User) -> None:
        self.words, self.coordinator = words, coordinator

    def report(
        self, part: Assignment, period: ReportingPeriod, state: str, moment: datetime | None = None
    ) -> None:  # fmt: skip
        progress = submit(part, period, self._typed(part, state), seen=0, by=SYSTEM)
        if state in WITH_PICTURE:
            add_file(progress, _picture(), by=SYSTEM)
        if moment is not None:
            date_report_back(progress, moment, by=SYSTEM)
        if state == "returned":
            give_back(progress, reason=self.words["returned"], seen=progress.mark, by=self.coordinator)
        elif state != "waiting":
            accept(progress, seen=progress.mark, by=self.coordinator)

    def _typed(self, part: Assignment, state: str) -> Reported:
        if state == "nothing":
            return NOTHING
        kind = Progress.Kind.COMPLETED if state == "completed" else Progress.Kind.WORKED
        share = 1.0 if state == "completed" else 0.5
        among = len(_leading(part.task))  # who leads has an equal share of what is counted
        counts = {str(m.pk): round(m.wanted * share / among) for m in part.task.milestones.all()}
        difficulty = self.words["difficulty"] if state == "returned" else ""
        return Reported(kind=kind, text=self.words["text"], counts=counts, difficulty=difficulty)


def _report_earlier(reporter: _Reporter, period: ReportingPeriod, tasks: Mapping[Task, Told]) -> None:
    """Report on the last period that is over, as if on the day of its cut-off; of the communes every second one."""
    moment = timezone.make_aware(datetime.combine(period.cut_off_on, time(9)))
    owed = set(period.owed().values_list("pk", flat=True))
    for task, row in tasks.items():
        parts = _leading(task)
        for part in parts[::2] if row.get("communes") else parts[:1]:
            if "earlier" in row and part.pk in owed:
                reporter.report(part, period, row["earlier"], moment)


def _report_now(
    reporter: _Reporter, period: ReportingPeriod, tasks: Mapping[Task, Told], of_communes: Mapping[str, int]
) -> None:  # fmt: skip
    """Report on the present period; the first commune is left to whoever tries its officer's account."""
    spread = [state for state in STATES for _ in range(of_communes[state])]
    for task, row in tasks.items():
        parts, states = _leading(task)[:1], [row["now"]] if "now" in row else []
        if row.get("communes"):
            parts, states = _leading(task)[1:], spread
        for part, state in zip(parts, states, strict=False):
            reporter.report(part, period, state)


def _leading(task: Task) -> list[Assignment]:
    """Leading parts in the order in which they were given; a task for all communes has one for each."""
    return list(task.assignments.filter(part=Assignment.Part.LEAD, valid_to=None).order_by("pk"))


def _ask(plan: Plan, words: Told, users: Mapping[str, User], today: date) -> None:
    """Let the officers ask: the department for more time, the commune to be rid of its part."""
    parts = Assignment.objects.filter(task__plan=plan, valid_to=None, closed_on=None).with_due()
    for username in ("canbo-so", "canbo-xa"):
        user = users.get(username)
        part = user and parts.filter(agency__in=user.agencies(*CARRIERS), due__gte=today).order_by("due", "pk").first()
        if part is None:
            continue
        if username == "canbo-so":
            until = date.fromordinal(part.last_day.toordinal() + 20)
            ask_extension(part, until=until, reason=words["extension"], by=user)
        else:
            ask_handover(part, after=None, reason=words["refusal"], by=user)


def _picture() -> SimpleUploadedFile:
    """Draw the same small picture each time; it says that it shows nothing."""
    out, picture = io.BytesIO(), Image.new("RGB", (320, 120), "white")
    ImageDraw.Draw(picture).text((110, 50), "DEMO - VI DU", fill="black")
    picture.save(out, format="PNG")
    return SimpleUploadedFile("vi-du-trinh-dien.png", out.getvalue(), content_type="image/png")
