"""A synthesis report is found: by the public from its plan, by the leader who decides, by those who make it."""

import pytest

from people import signed_in
from quantri.web.plans.models import Plan
from quantri.web.reports.actions import publish as publish_plan
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.synthesis_actions import begin_report, decide_publication, freeze_report


@pytest.fixture
def frozen(draft_report, coordinator) -> SynthesisReport:
    return freeze_report(draft_report, by=coordinator)


@pytest.fixture
def public_plan(draft_report, leader) -> Plan:
    publish_plan(draft_report.plan, reason="Công khai", by=leader)
    return draft_report.plan


def link(report: SynthesisReport) -> str:
    return f'href="/plans/{report.plan_id}/reports/{report.pk}/"'


def read(client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_visitor_finds_a_published_report_on_the_page_of_its_plan(public_plan, frozen, leader, client):
    where = f"/plans/{public_plan.pk}/"
    assert link(frozen) not in read(client, where)
    decide_publication(frozen, "publish", reason="Công khai", by=leader)
    assert link(frozen) in read(client, where)  # also where the page was kept before
    decide_publication(frozen, "withdraw", reason="Thu hồi", by=leader)
    assert link(frozen) not in read(client, where)


def test_the_leader_finds_what_waits_for_a_decision(public_plan, draft_report, coordinator, leader):
    leading = signed_in(leader)
    assert link(draft_report) not in read(leading, "/lead/")  # a draft is not decided about
    report = freeze_report(draft_report, by=coordinator)
    assert link(report) in read(leading, "/lead/")
    decide_publication(report, "publish", reason="Công khai", by=leader)
    assert link(report) not in read(leading, "/lead/")


def test_of_several_versions_the_leader_is_asked_about_the_newest(frozen, worked_plan, quarter, coordinator, leader):
    newer = freeze_report(begin_report(worked_plan, quarter, by=coordinator), by=coordinator)
    page = read(signed_in(leader), "/lead/")
    assert link(newer) in page and link(frozen) not in page


def test_others_are_not_asked(frozen, coordinator, outsider):
    assert link(frozen) not in read(signed_in(coordinator), "/lead/")
    assert link(frozen) not in read(signed_in(outsider), "/lead/")


def test_the_list_is_linked_from_the_plan_for_those_who_may_open_it(public_plan, coordinator, leader, officer, client):
    where, listed = f"/plans/{public_plan.pk}/", f'href="/plans/{public_plan.pk}/reports/"'
    for user in (coordinator, leader):
        assert listed in read(signed_in(user), where)
    assert listed not in read(signed_in(officer), where) and listed not in read(client, where)


def test_the_list_names_a_chooser_only_where_one_is_above(worked_plan, leader, coordinator):
    where, told = f"/plans/{worked_plan.pk}/reports/", "Hãy chọn kỳ ở trên"
    assert told in read(signed_in(coordinator), where)
    assert told not in read(signed_in(leader), where)
