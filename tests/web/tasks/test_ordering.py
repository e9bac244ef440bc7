"""Tables of many parts: one page of rows, whatever their number."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people import signed_in
from quantri.web.accounts.models import Agency
from quantri.web.tasks.agenda import open_periods
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod, Task
from quantri.web.tasks.ordering import counts_by_state, page_of_rows, with_state


@pytest.fixture
def many(task) -> list[Assignment]:
    """The task's parts and sixty more."""
    agencies = [Agency(province=task.plan.province, name_vi=f"Xã {n:03}") for n in range(60)]
    Agency.objects.bulk_create(agencies)
    Assignment.objects.bulk_create([Assignment(task=task, agency=a, part="coordinating") for a in agencies])
    return list(task.assignments.all())


def _queries(person, address) -> int:
    reader = signed_in(person)
    reader.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", ["work:overview", "work:task"])
def test_a_table_of_parts_asks_the_same_for_two_and_for_sixty(request, task, period, coordinator, page):
    address = reverse(page, args=[period.pk if page == "work:overview" else task.pk])
    part = task.assignments.first()
    Progress.objects.create(assignment=part, period=period, state="submitted")
    few = _queries(coordinator, address)
    for extra in request.getfixturevalue("many")[2:40]:
        Progress.objects.create(assignment=extra, period=period, state="submitted")
    assert _queries(coordinator, address) == few <= 20


def test_a_page_holds_fifty_rows_and_the_counts_hold_all(many, period):
    Progress.objects.create(assignment=many[0], period=period, state="accepted", value=3)
    parts = with_state(period.owed(), period.reports.all())
    page = page_of_rows(parts, order="agency", state="", page="1")
    assert (len(page.object_list), page.paginator.count) == (50, len(many))
    assert counts_by_state(parts) == {"silent": 61, "draft": 0, "submitted": 0, "returned": 0, "accepted": 1}


def test_one_state_can_be_shown_alone(many, period):
    Progress.objects.create(assignment=many[0], period=period, state="returned")
    parts = with_state(period.owed(), period.reports.all())
    assert [row.part for row in page_of_rows(parts, order="due", state="returned", page=None)] == [many[0]]


@pytest.mark.parametrize(("order", "first"), [("value", 2), ("state", 1), ("task", 0), ("nonsense", None)])
def test_rows_come_in_the_order_that_was_asked_for(many, period, order, first):
    for n, part in enumerate(many):
        if n != 1:
            Progress.objects.create(assignment=part, period=period, state="accepted", value=9 if n == 2 else None)
    parts = with_state(period.owed(), period.reports.all())
    rows = list(page_of_rows(parts, order=order, state="", page=None))
    assert first is None or rows[0].part.pk == many[first].pk or order == "task"
    if order == "nonsense":
        assert rows[0].part.agency.name_vi == min(part.agency.name_vi for part in many)


def test_ones_own_periods_count_what_each_period_says_is_owed_and_reported(task, period, colleague, part):
    """Of rhythms, main periods, closed parts and late starts the one question says what `owed` says of a period."""
    monthly = Task.objects.create(plan=task.plan, title="Hằng tháng", rhythm="month")
    closed = Task.objects.create(plan=task.plan, title="Đã xong")
    late = Task.objects.create(plan=task.plan, title="Giao sau")
    Task.objects.create(plan=task.plan, title="Không ai làm")
    held = {"agency": part.agency, "part": "lead"}
    Assignment.objects.create(task=monthly, **held)
    Assignment.objects.create(task=closed, closed_on=period.starts_on - timedelta(days=1), **held)
    Assignment.objects.create(task=late, valid_from=period.cut_off_on + timedelta(days=1), **held)
    facts = {"plan": task.plan, "year": period.year, "starts_on": period.starts_on, "ends_on": period.ends_on}
    month = ReportingPeriod.objects.create(
        kind="month",
        number=1,
        cut_off_on=period.cut_off_on,
        is_main=False,
        name_vi="Tháng 1",
        name_en="Month 1",
        **facts,
    )
    Progress.objects.create(assignment=part, period=period, state="submitted")
    found = {each.period: (each.owed, each.waiting) for each in open_periods(colleague, timezone.localdate())}
    assert (found[period], found[month]) == ((1, 0), (1, 1))
    for each, counts in found.items():
        assert counts[0] == each.owed().held_by(colleague).count()


def test_a_locked_period_and_one_that_has_not_begun_are_not_named(task, period, colleague, part):
    ahead = timezone.localdate() + timedelta(days=1)
    task.plan.periods.exclude(pk=period.pk).update(starts_on=ahead, ends_on=ahead, cut_off_on=ahead)
    assert [each.period for each in open_periods(colleague, timezone.localdate())] == [period]
    period.locked_at = timezone.now()
    period.save()
    assert open_periods(colleague, timezone.localdate()) == []


def test_what_is_carried_is_what_is_held(many, period, colleague, coordinator):
    for person in (colleague, coordinator):
        owed = period.owed().in_force()
        assert set(owed.carried_by(person)) == set(period.owed().held_by(person))
