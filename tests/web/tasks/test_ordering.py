"""Tables of many parts: one page of rows, whatever their number."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people import signed_in
from quantri.web.accounts.models import Agency
from quantri.web.tasks.models import Assignment, Progress
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
