"""After revisions rates, published progress and periods still know what was done under the plans before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency
from quantri.web.followup.progress import figures_of, publish_progress
from quantri.web.followup.silence import periods_of
from quantri.web.inspections.risks import risks_of
from quantri.web.plans.decisions import publish_plan
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Progress, ReportingPeriod
from quantri.web.tasks.periods import lock_period, open_periods, reopen_period
from revising import LEAD, Q2, Q3, Chain, revised_twice

TODAY = timezone.localdate()


@pytest.fixture
def plans(consulted_plan, coordinator) -> Chain:
    return revised_twice(consulted_plan, by=coordinator)


@pytest.fixture
def public_plans(plans, leader) -> Chain:
    for plan in plans:
        publish_plan(plan, reason="Công khai kế hoạch", by=leader)
    return plans


def quarter(n: int) -> ReportingPeriod:
    return ReportingPeriod.objects.select_related("plan").get(kind="quarter", number=n)


def counted(n: int) -> tuple[int, int, int]:
    told = figures_of(quarter(n), TODAY)["all"]
    return told["parts"], told["reported"], told["closed"]


# ---- progress of a period


def test_progress_counts_the_tasks_that_moved_on_after_the_period(plans):
    assert counted(1) == (3, 2, 1)
    assert quarter(1).plan == plans.first


def test_progress_leaves_out_what_a_revision_dropped_before_the_period_ended(plans):
    assert counted(2) == (2, 1, 0)


def test_progress_counts_what_was_closed_under_the_plan_before_within_the_period(plans):
    assert counted(3) == (2, 2, 1)
    assert quarter(3).plan == plans.third


def test_progress_is_the_same_whichever_plan_its_period_has_come_to(consulted_plan, coordinator):
    revised_twice(consulted_plan, by=coordinator, locks=False)
    assert [counted(n) for n in (1, 2, 3)] == [(3, 2, 1), (2, 1, 0), (2, 2, 1)]


def test_a_period_that_ended_shortly_before_a_revision_has_its_progress(public_plans, coordinator, leader):
    lock_period(quarter(3), by=coordinator)
    Plan.objects.filter(pk=public_plans.third.pk).update(issued_on=Q3 + timedelta(days=2))
    assert quarter(3) in signed_in(leader).get("/lead/").context["locked"]
    assert publish_progress(quarter(3), reason="Quyết định 1", by=leader).content["all"]["parts"] == 2


def test_a_period_before_the_first_plan_has_no_progress(public_plans, leader):
    Plan.objects.filter(pk=public_plans.first.pk).update(issued_on=Q2)
    with pytest.raises(RuleViolation, match="ban hành"):
        publish_progress(quarter(1), reason="Quyết định 1", by=leader)


def test_the_leader_may_still_publish_what_was_locked_before_the_revisions(public_plans, leader):
    locked = signed_in(leader).get("/lead/").context["locked"]
    assert [(each.number, each.plan) for each in locked] == [(1, public_plans.first), (2, public_plans.second)]


def test_the_page_of_progress_tells_the_periods_of_the_plans_before(public_plans, leader, client):
    publish_progress(quarter(1), reason="Quyết định 1", by=leader)
    publish_progress(quarter(2), reason="Quyết định 2", by=leader)
    told = {
        plan: [table.publication.period.number for table in client.get(f"/plans/{plan.pk}/progress/").context["tables"]]
        for plan in public_plans
    }
    assert told == {public_plans.first: [1], public_plans.second: [2, 1], public_plans.third: [2, 1]}
    page = client.get(f"/en/plans/{public_plans.third.pk}/progress/").content.decode()
    assert "Plan 15/KH-UBND, before it was revised" in page and "Plan 17/KH-UBND, before" not in page


# ---- rates


def test_the_rate_counts_what_was_closed_before_the_plan_was_revised(plans, coordinator, leader):
    rates = [signed_in(coordinator).get("/follow/").context["rate"], signed_in(leader).get("/lead/").context["rate"]]
    assert [(rate.on_time, rate.closed) for rate in rates] == [(2, 2), (2, 2)]
    alone = signed_in(coordinator).get(f"/follow/?plan={plans.third.pk}").context["rate"]
    assert (alone.on_time, alone.closed) == (2, 2)


def test_the_rate_follows_the_reader_s_filters_into_the_plans_before(plans, coordinator):
    rate = signed_in(coordinator).get("/follow/?component=D5").context["rate"]
    assert (rate.on_time, rate.closed, rate.overdue_open) == (1, 1, 0)  # what was dropped is owed by nobody


def test_the_risk_of_an_agency_counts_all_that_it_carried_this_year(plans):
    agency = Agency.objects.get(name_vi=LEAD)
    Progress.objects.filter(assignment__task__title="Họp dân", period__number=1).update(submitted_at=None)
    risk = risks_of(plans.third, [agency], TODAY)[agency.pk]
    assert (risk.late.n, risk.late.of) == (0, 2)
    assert (risk.silent.n, risk.silent.of) == (3, 7)  # of three, two and two reports
    assert (risk.returned.n, risk.returned.of) == (0, 4)


# ---- periods


def test_periods_that_were_locked_before_a_revision_are_not_opened_again(plans, coordinator):
    made = open_periods(plans.third, "quarter", by=coordinator)
    assert [period.number for period in made] == [4]


def test_a_period_that_is_opened_again_goes_to_the_plan_in_which_its_agencies_work(plans, coordinator):
    reopen_period(quarter(1), until=TODAY, reason="Bổ sung báo cáo", by=coordinator)
    assert quarter(1).plan == plans.third
    assert [part.task.title for part in quarter(1).owed()] == ["Họp dân"]


def test_the_reports_of_a_locked_period_stay_with_the_parts_that_owed_them(plans, coordinator):
    page = signed_in(coordinator).get(f"/work/periods/{quarter(1).pk}/all/")
    assert sum(page.context["counts"].values()) == 3


def test_silence_in_a_period_that_ended_before_the_revision_is_told(plans):
    Plan.objects.filter(pk=plans.third.pk).update(issued_on=Q3 + timedelta(days=1))
    assert quarter(3) in periods_of(Plan.objects.in_force())
