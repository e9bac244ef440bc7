"""How much of an agency's work of the year was on time, beside its points: counted by hand here."""

from datetime import date, timedelta

import pytest

from classing import REASON, TODAY, appraised, full, move_on
from people import signed_in
from quantri.web.appraisal import actions, exercises
from quantri.web.appraisal.models import Entry
from quantri.web.appraisal.on_time import on_time_of
from quantri.web.tasks.models import Assignment, Task

YEAR = 2026


@pytest.fixture
def give(issued_plan, commune):
    """Give the first commune a part that was due and closed on some days."""

    def make(due: date | None, closed: date | None, **changes) -> Assignment:
        task = Task.objects.create(plan=issued_plan, title="Nhiệm vụ", components=["D1"], due_on=due)
        return Assignment.objects.create(
            task=task, **({"agency": commune, "part": "lead", "closed_on": closed} | changes)
        )

    return make


def rate(entry: Entry, today: date):
    return on_time_of(entry.exercise, [entry], today).get(entry.agency_id)


def test_closed_on_time_counts_against_closed_and_overdue(entry, give):
    give(date(YEAR, 3, 1), date(YEAR, 3, 1))
    give(date(YEAR, 3, 1), date(YEAR, 3, 2))
    give(date(YEAR, 3, 1), None)
    give(date(YEAR, 12, 1), None)  # not due yet
    give(None, date(YEAR, 3, 1))  # nothing without a date is late
    found = rate(entry, date(YEAR, 6, 1))
    assert (found.on_time, found.closed, found.overdue_open) == (1, 2, 1)
    assert found.share == pytest.approx(1 / 3)


def test_only_work_that_falls_due_in_the_year_counts(entry, give):
    for due in (date(YEAR - 1, 12, 31), date(YEAR + 1, 1, 1)):
        give(due, due)
    assert rate(entry, date(YEAR + 1, 2, 1)) is None
    give(date(YEAR, 12, 31), None)
    assert rate(entry, date(YEAR, 12, 31)).overdue_open == 0
    assert rate(entry, date(YEAR + 1, 1, 1)).overdue_open == 1


def test_what_was_closed_after_the_year_counts_as_open_in_it(entry, give):
    give(date(YEAR, 12, 1), date(YEAR + 1, 1, 5))
    found = rate(entry, date(YEAR + 1, 2, 1))
    assert (found.closed, found.overdue_open) == (0, 1)


def test_a_part_that_was_handed_over_and_another_agencys_part_do_not_count(entry, give, sister):
    day = date(YEAR, 3, 1)
    give(day, day, valid_to=day)
    give(day, day, agency=sister)
    assert rate(entry, date(YEAR, 6, 1)) is None


def test_a_parts_own_day_goes_before_the_tasks(entry, give):
    give(date(YEAR, 3, 1), date(YEAR, 3, 20), due_on=date(YEAR, 4, 1))
    assert rate(entry, date(YEAR, 6, 1)).on_time == 1


def test_the_rate_is_shown_while_appraising_and_kept_with_the_confirmed_class(
    entry,
    give,
    officer,
    coordinator,
    leader,
):
    part = give(TODAY - timedelta(days=3), None)
    client = signed_in(coordinator)
    actions.hand_in(entry, full(entry), by=officer)
    for page in ("", "appraise/"):
        assert client.get(f"/classes/entries/{entry.pk}/{page}").context["on_time"].overdue_open == 1
    appraised(entry, coordinator)
    move_on(entry.exercise)
    exercises.confirm(entry.exercise, reason=REASON, by=leader)
    Assignment.objects.filter(pk=part.pk).update(closed_on=TODAY)
    entry.refresh_from_db()
    assert entry.result["on_time"] == {"on_time": 0, "closed": 0, "overdue_open": 1, "without_date": 0}
    assert client.get(f"/classes/entries/{entry.pk}/").context["on_time"].overdue_open == 1
    row = client.get(f"/classes/{entry.exercise_id}/").context["page"][0]
    assert row.on_time.share == 0
