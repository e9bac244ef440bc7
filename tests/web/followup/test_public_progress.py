"""What becomes public of a period is what its last day knew, told with that day and the names of the contents."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.followup.progress import publish_progress
from quantri.web.indices.lookup import named_components
from quantri.web.plans.decisions import publish_plan
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, ReportingPeriod, Task
from quantri.web.tasks.periods import lock_period

TODAY = timezone.localdate()
END = TODAY - timedelta(days=20)


@pytest.fixture
def over(period, coordinator, leader) -> ReportingPeriod:
    """A period that ended twenty days ago, of a plan that was in force before."""
    Plan.objects.filter(pk=period.plan_id).update(issued_on=END - timedelta(days=40))
    period.starts_on, period.ends_on, period.cut_off_on = END - timedelta(days=60), END, END + timedelta(days=3)
    period.save()
    Assignment.objects.update(valid_from=END - timedelta(days=40))
    publish_plan(period.plan, reason="Công khai kế hoạch", by=leader)
    return lock_period(period, by=coordinator)


def published(period, leader) -> dict[str, object]:
    return publish_progress(period, reason="Quyết định 1", by=leader).content


def test_what_was_closed_or_fell_due_later_is_not_in_the_figures(over, lead, part, leader):
    Assignment.objects.filter(pk=lead.pk).update(due_on=END + timedelta(days=5), closed_on=END + timedelta(days=2))
    Assignment.objects.filter(pk=part.pk).update(due_on=END + timedelta(days=1))
    told = published(over, leader)
    assert told["as_of"] == str(END)
    assert (told["all"]["parts"], told["all"]["closed"], told["all"]["overdue_open"]) == (2, 0, 0)


def test_what_the_last_day_knew_is_counted(over, lead, part, leader):
    Assignment.objects.filter(pk=lead.pk).update(due_on=END, closed_on=END)
    Assignment.objects.filter(pk=part.pk).update(due_on=END - timedelta(days=1))
    told = published(over, leader)["all"]
    assert (told["closed"], told["on_time"], told["overdue_open"]) == (1, 1, 1)


def test_a_part_that_came_or_went_after_the_cut_off_is_counted_as_it_was(over, lead, part, leader):
    Assignment.objects.filter(pk=lead.pk).update(valid_to=over.cut_off_on + timedelta(days=1))  # handed over later
    Assignment.objects.filter(pk=part.pk).update(valid_from=over.cut_off_on + timedelta(days=1))
    assert published(over, leader)["all"]["parts"] == 1


@pytest.mark.parametrize(("later", "overdue"), [(0, 0), (1, 1)])
def test_more_time_that_was_granted_after_the_last_day_leaves_late_what_was_late(over, lead, leader, later, overdue):
    Assignment.objects.filter(pk=lead.pk).update(due_on=END + timedelta(days=15))
    lead.extensions.create(
        asked_until=END + timedelta(days=15), due_before=END - timedelta(days=1), is_granted=True,
        answered_at=timezone.now() - timedelta(days=20 - later),
    )  # fmt: skip
    assert published(over, leader)["all"]["overdue_open"] == overdue


def test_a_period_that_is_locked_early_tells_its_own_day(period, coordinator, lead, leader):
    period.ends_on, period.cut_off_on = TODAY + timedelta(days=9), TODAY + timedelta(days=12)
    period.save()
    publish_plan(period.plan, reason="Công khai kế hoạch", by=leader)
    Assignment.objects.filter(pk=lead.pk).update(due_on=TODAY)
    told = published(lock_period(period, by=coordinator), leader)
    assert told["as_of"] == str(TODAY) and told["all"]["overdue_open"] == 0


def test_the_page_names_the_day_and_the_contents(over, part, leader, client):
    Task.objects.create(plan=over.plan, title="Không nội dung").assignments.create(agency=part.agency, part="lead")
    published(over, leader)
    page = client.get(f"/plans/{over.plan_id}/progress/").content.decode()
    assert "Tính đến ngày" in page and f"{END.day}/{END.month}/{END.year}" in page
    assert named_components(["D5"])[0] in page and named_components(["D5"]) != ["D5"]
    assert "Nhiệm vụ không gắn với nội dung nào" in page and ">–<" not in page


def test_a_period_before_the_plan_was_issued_has_no_progress(over, leader):
    Plan.objects.filter(pk=over.plan_id).update(issued_on=END + timedelta(days=1))
    with pytest.raises(RuleViolation, match="ban hành"):
        published(over, leader)
    assert over not in signed_in(leader).get("/lead/").context["locked"]
