"""A report follows a plan through all its revisions: tasks that moved twice, and what was handed in under each plan."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import signed_in
from quantri.web.accounts.models import Agency, User
from quantri.web.deadlines.periods import periods_of
from quantri.web.inspections.models import Choice, Programme, Visit
from quantri.web.plans.models import Plan
from quantri.web.reports.figures_of_period import remarks_in
from quantri.web.reports.inspected import inspected_in
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.synthesis import traces_of
from quantri.web.reports.synthesis_actions import begin_report, current_content
from quantri.web.reports.synthesis_text import official_of
from quantri.web.reports.traced import Content
from quantri.web.tasks.actions import TaskDraft
from quantri.web.tasks.models import Assignment, Task
from revising import FIRST_ISSUE, LEAD, Q1, Q2, Q3, Chain, revised, revised_twice
from standing import over, tasks_at

Told = list[tuple[str, str, str, int]]


@pytest.fixture
def plans(consulted_plan, coordinator) -> Chain:
    return revised_twice(consulted_plan, by=coordinator)


def told(plan: Plan, day: date) -> Told:
    return [(f.task.number, f.task.title, f.state, f.n_evidence) for f in tasks_at(plan, day)]


def report_of(plan: Plan, quarter: int, by: User) -> SynthesisReport:
    made = begin_report(plan, periods_of("quarter", 2026)[quarter - 1], by=by)
    return SynthesisReport.objects.with_plan().get(pk=made.pk)


def content_of(plan: Plan, quarter: int, by: User) -> Content:
    """Read what a report would freeze, and take the draft back."""
    report = report_of(plan, quarter, by)
    content = current_content(report)
    report.delete()
    return content


# ---- what each plan had on the last day of a period


def test_the_first_plan_is_told_as_it_stood_before_it_was_revised(plans):
    assert told(plans.first, Q1) == [
        ("1", "Niêm yết", "done", 1), ("2", "Rà soát", "late", 0), ("3", "Họp dân", "open", 1),
    ]  # fmt: skip


def test_after_its_revision_the_first_plan_has_what_was_finished_under_it(plans):
    for day in (Q2, Q3):
        assert told(plans.first, day) == [("1", "Niêm yết", "done", 1)]


def test_the_first_revision_has_what_moved_to_it_and_what_was_handed_in_before(plans):
    assert told(plans.second, Q2) == [("2", "Họp dân", "open", 2), ("1", "Khảo sát", "open", 0)]
    assert told(plans.second, Q3) == [("1", "Khảo sát", "done", 1)]


def test_a_task_that_moved_twice_keeps_all_that_was_handed_in_on_it(plans):
    assert told(plans.third, Q1) == [("1", "Họp dân", "open", 1)]
    assert told(plans.third, Q2) == [("1", "Họp dân", "open", 2)]
    assert told(plans.third, Q3) == [("1", "Họp dân", "open", 3)]


def test_what_was_handed_in_is_found_when_its_period_moved_twice(consulted_plan, coordinator):
    plans = revised_twice(consulted_plan, by=coordinator, locks=False)
    assert told(plans.first, Q1)[0] == ("1", "Niêm yết", "done", 1)
    assert [remark.difficulty for remark in remarks_in(plans.first, FIRST_ISSUE, over(Q1))] == [
        "Quý một thiếu kinh phí"
    ]


def test_remarks_are_told_whichever_plan_they_were_handed_in_under(plans):
    year = ["Quý một thiếu kinh phí", "Quý hai thiếu người", "Quý ba mưa lũ"]
    assert [remark.difficulty for remark in remarks_in(plans.third, FIRST_ISSUE, over(Q3))] == year
    assert [remark.difficulty for remark in remarks_in(plans.second, FIRST_ISSUE, over(Q2))] == year[:2]
    assert [remark.difficulty for remark in remarks_in(plans.first, FIRST_ISSUE, over(Q1))] == year[:1]


# ---- what was finished before is counted apart


def test_what_was_finished_under_the_plans_before_is_counted_apart_with_its_rows(plans, coordinator):
    names = {
        (plan, n): [row["name"] for row in content_of(plan, n, coordinator)["counts"]["finished_before"]["rows"]]
        for plan in plans[1:] for n in (1, 2, 3)
    }  # fmt: skip
    first, second = "1. Niêm yết (15/KH-UBND)", "1. Khảo sát (16/KH-UBND)"
    assert names == {
        (plans.second, 1): [first], (plans.second, 2): [first], (plans.second, 3): [first],
        (plans.third, 1): [first], (plans.third, 2): [first], (plans.third, 3): [first, second],
    }  # fmt: skip
    assert "finished_before" not in content_of(plans.first, 1, coordinator)["counts"]


def test_the_document_and_its_traces_tell_what_was_finished_before(plans, coordinator):
    content = content_of(plans.third, 3, coordinator)
    texts = [block.get("text", "") for block in official_of(content)["body"]]
    assert any(text.startswith("Ngoài ra, 2 nhiệm vụ đã hoàn thành") for text in texts)
    (trace,) = [t for t in traces_of(content) if "trước khi điều chỉnh" in t["label"]]
    keys = Task.objects.filter(title__in=["Niêm yết", "Khảo sát"]).order_by("pk").values_list("pk", flat=True)
    assert (trace["value"], [row["key"] for row in trace["rows"]]) == (2, list(keys))


# ---- said of a period that ended before a revision was issued


def test_a_period_before_the_issue_says_that_work_was_done_under_the_plan_before(plans, coordinator):
    notes = [content_of(plans.third, quarter, coordinator)["notes"] for quarter in (1, 2, 3)]
    assert [len(told) for told in notes] == [1, 1, 0]
    assert all("trong kỳ nhiệm vụ được thực hiện theo Kế hoạch trước khi điều chỉnh" in told for (told,) in notes[:2])


# ---- inspections


def test_inspections_of_the_plans_before_are_told_and_those_of_later_ones_are_not(plans):
    for plan, day in zip(plans, (Q1, Q2, Q3), strict=True):
        _inspected(plan, day)
    year = {
        plan.number: [name for _key, name in inspected_in(plan, FIRST_ISSUE, over(Q3)).programmes] for plan in plans
    }
    first, second, third = (f"Kiểm tra theo {plan.number}" for plan in plans)
    assert year == {
        "15/KH-UBND": [first], "16/KH-UBND": [first, second], "17/KH-UBND": [first, second, third],
    }  # fmt: skip


def _inspected(plan: Plan, day: date) -> None:
    """Let a visit of a programme of the plan take place, and its findings be sent."""
    programme = Programme.objects.create(
        plan=plan, title=f"Kiểm tra theo {plan.number}", starts_on=FIRST_ISSUE, ends_on=Q3, answer_days=5
    )
    choice = Choice.objects.create(
        programme=programme, method="random", wanted=1, seed="2026", chosen_on=day, candidates=[]
    )
    Visit.objects.create(
        programme=programme, choice=choice, agency=Agency.objects.get(name_vi=LEAD), visit_on=day, held_on=day,
        sent_at=timezone.make_aware(datetime(day.year, day.month, day.day, 9)),  # noqa: DTZ001  made aware at once
    )  # fmt: skip


# ---- made again, and made quickly


def test_a_report_that_is_made_again_after_another_revision_is_the_same(plans, coordinator):
    before = {(plan, n): content_of(plan, n, coordinator) for plan in plans for n in (1, 2, 3)}
    revised(plans.third, "18/KH-UBND", Q3.replace(month=10), by=coordinator)
    Assignment.objects.filter(task__title="Họp dân").update(closed_on=Q3.replace(month=11))
    assert {(plan, n): content_of(plan, n, coordinator) for plan in plans for n in (1, 2, 3)} == before


def test_the_page_of_a_report_asks_as_much_however_many_tasks_moved(plans, coordinator):
    page = signed_in(coordinator)

    def n_queries(plan: Plan) -> int:
        report = report_of(plan, 3, coordinator)
        page.get(report.address)
        with CaptureQueriesContext(connection) as asked:
            assert page.get(report.address).status_code == 200
        return len(asked)

    few = n_queries(plans.third)
    more = [TaskDraft(title=f"Việc {n}", components=("D1",), leads=(LEAD,)) for n in range(30)]
    fourth = revised(plans.third, "18/KH-UBND", Q3, by=coordinator, new=more)
    fifth = revised(fourth, "19/KH-UBND", Q3, by=coordinator)
    assert n_queries(fifth) == few <= 20
