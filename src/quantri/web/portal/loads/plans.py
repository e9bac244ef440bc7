"""Plans in force of a province, with tasks, parts of agencies and periods."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from quantri.web.deadlines.cutoffs import periods
from quantri.web.indices.lookup import known
from quantri.web.places.models import Province
from quantri.web.plans.models import ComponentOwner, Plan, Target
from quantri.web.portal.loads.agencies import MARK
from quantri.web.portal.loads.sizes import ROWS, Bodies, Load, batches
from quantri.web.tasks.models import Assignment, ReportingPeriod, Task

SPREAD = {1: 45, 2: 25, 3: 15, 5: 10, 20: 4.5, 100: 0.5}  # parts of a task: how many, and how often of a hundred
SHARE_CLOSED = 0.4
DAYS = 150  # due dates lie so far from today at most


def fill_plan(load: Load, province: Province, bodies: Bodies, number: int) -> Plan:
    """Make a plan in force; every second one is public."""
    results = known()
    edition = results.edition(results.years[-1])
    bases = [province, *(s.before for s in province.predecessors.all())]  # where there are results to start from
    plan = Plan.objects.create(
        province=province, base_unit_id=next((b.pk for b in bases if b.key in edition), province.pk),
        base_year=results.years[-1], year=max(load.today.year, results.years[-1] + 1),
        title=f"Kế hoạch {number} {MARK}", title_en=f"Plan {number} (simulated)", state=Plan.State.ISSUED,
        number=f"{number}/KH-MP", number_year=load.today.year, issued_on=date(load.today.year, 1, 15),
        published_at=timezone.now() if number % 2 else None, is_demonstration=True,
    )  # fmt: skip
    codes = _codes()
    Target.objects.bulk_create([Target(plan=plan, code=code, priority=Target.Priority.IMPROVE) for code in codes])
    ComponentOwner.objects.bulk_create(
        [ComponentOwner(plan=plan, code=code, agency=load.draw.choice(bodies.others)) for code in codes]
    )
    return plan


def fill_tasks(load: Load, plan: Plan, bodies: Bodies, count: int) -> Iterator[list[Assignment]]:
    """Make tasks and give their parts out; yield the parts of each insert."""
    for drafts in batches(_tasks(load, plan, count)):
        tasks = Task.objects.bulk_create(drafts, batch_size=ROWS)
        load.subjects += [(plan.province.key, "tasks.task", str(t.pk), t.title) for t in tasks[:20]]
        for parts in batches(part for task in tasks for part in _parts(load, task, bodies)):
            yield Assignment.objects.bulk_create(parts, batch_size=ROWS)


def fill_periods(load: Load, plan: Plan) -> list[ReportingPeriod]:
    """Open the quarters of the year; those whose cut-off has passed are locked."""
    made = [
        ReportingPeriod(
            plan=plan, kind=p.kind, year=p.year, number=p.number, name_vi=p.name_vi, name_en=p.name_en,
            starts_on=p.starts_on, ends_on=p.ends_on, cut_off_on=max(p.cut_off_on, p.ends_on),
            locked_at=timezone.now() if p.cut_off_on < load.today else None,
        )
        for p in periods("quarter", load.today.year)
    ]  # fmt: skip
    return ReportingPeriod.objects.bulk_create(made)


def _tasks(load: Load, plan: Plan, count: int) -> Iterator[Task]:
    codes = _codes()
    for n in range(1, count + 1):
        yield Task(
            plan=plan, number=str(n), title=f"Nhiệm vụ {n} {MARK}", components=[codes[n % len(codes)]],
            due_on=None if n % 40 == 0 else load.today + timedelta(days=load.draw.randint(-DAYS, DAYS)),
            deliverable="Báo cáo",
        )  # fmt: skip


def _parts(load: Load, task: Task, bodies: Bodies) -> Iterator[Assignment]:
    wanted = load.draw.choices(list(SPREAD), list(SPREAD.values()))[0]
    chosen = load.draw.sample(bodies.others, min(wanted, len(bodies.others)))
    for n, agency in enumerate(chosen):
        is_closed = load.draw.random() < SHARE_CLOSED
        yield Assignment(
            task=task, agency=agency, part=Assignment.Part.COORDINATING if n else Assignment.Part.LEAD,
            closed_on=load.today - timedelta(days=load.draw.randint(0, DAYS)) if is_closed else None,
        )  # fmt: skip


def _codes() -> list[str]:
    """Components of the upper level."""
    results = known()
    return [c.code for c in results.edition(results.years[-1]).definition if c.level == "dimension"]
