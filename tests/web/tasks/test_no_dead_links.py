"""Pages of the work link what their reader may open, and whoever may read something finds it."""

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from people import signed_in
from quantri.web.plans.decisions import publish_plan
from quantri.web.tasks import asking, reporting
from quantri.web.tasks.models import Extension, Handover, Progress
from quantri.web.tasks.reporting import Reported

ADDRESS = re.compile(r'href="(/(?:work|plans|follow|lead)[^"#?]*)"')


def dead_links(client, where: str) -> list[str]:
    """Addresses on a page that its reader may not open."""
    found = set(ADDRESS.findall(client.get(where).content.decode()))
    return sorted(address for address in found if client.get(address).status_code in (403, 404))


@pytest.fixture
def told(part, period, colleague) -> Progress:
    """The report of the coordinating agency, handed in."""
    return reporting.submit(part, period, Reported(text="Đã niêm yết"), seen=0, by=colleague)


@pytest.fixture
def longer(lead, officer) -> Extension:
    return asking.ask_extension(lead, until=lead.last_day + timedelta(days=9), reason="Thiếu vốn", by=officer)


@pytest.fixture
def refused(lead, officer) -> Handover:
    return asking.ask_handover(lead, after=None, reason="Không thuộc chức năng", by=officer)


def test_the_leader_reads_requests_without_deciding(longer, refused, leader):
    client = signed_in(leader)
    for where, reason in (
        (f"/work/requests/extension/{longer.pk}/", "Thiếu vốn"),
        (f"/work/requests/handover/{refused.pk}/", "Không thuộc chức năng"),
    ):
        page = client.get(where).content.decode()
        assert reason in page and 'name="grant"' not in page
        assert client.post(where, {"grant": "1", "text": "Đồng ý"}).status_code == 403
    assert dead_links(client, "/follow/") == []


def test_a_leader_of_an_agency_reads_no_requests(longer, director, officer):
    for user in (director, officer):
        assert signed_in(user).get(f"/work/requests/extension/{longer.pk}/").status_code == 403


def test_requests_of_a_public_plan_stay_in_the_province(longer, leader, outsider):
    publish_plan(longer.assignment.task.plan, reason="Công khai", by=leader)
    assert signed_in(outsider).get(f"/work/requests/extension/{longer.pk}/").status_code == 404


def test_a_part_links_what_its_reader_may_open(told, longer, officer, colleague, coordinator, leader, overseer):
    for user in (officer, colleague, coordinator, leader, overseer):
        for part in told.assignment.task.assignments.all():
            assert dead_links(signed_in(user), f"/work/parts/{part.pk}/") == []


def test_the_lead_reads_the_report_of_a_coordinating_agency_on_its_part(told, officer):
    page = signed_in(officer).get(f"/work/parts/{told.assignment_id}/").content.decode()
    assert "Đã niêm yết" in page and f"/work/reports/{told.pk}/" not in page


def test_own_reports_stay_readable_when_the_plan_is_closed(told, colleague, coordinator):
    plan = told.period.plan
    type(plan).objects.filter(pk=plan.pk).update(superseded_at=told.submitted_at)
    assert dead_links(signed_in(colleague), f"/work/parts/{told.assignment_id}/") == []


def test_an_overseer_comes_from_the_plan_to_the_reports(told, overseer, lead, period, officer):
    draft = reporting.save_draft(lead, period, Reported(text="Nháp riêng"), seen=0, by=officer)
    client, plan = signed_in(overseer), told.period.plan_id
    assert f'href="/work/plans/{plan}/periods/"' in client.get(f"/plans/{plan}/").content.decode()
    assert f'href="/work/periods/{period.pk}/all/"' in client.get(f"/work/plans/{plan}/periods/").content.decode()
    page = client.get(f"/work/periods/{period.pk}/all/").content.decode()
    assert f'href="/work/reports/{told.pk}/"' in page
    assert "Nháp riêng" not in page and f"/work/reports/{draft.pk}/" not in page
    for where in (f"/plans/{plan}/", f"/work/plans/{plan}/periods/", f"/work/periods/{period.pk}/all/",
                  f"/work/reports/{told.pk}/"):  # fmt: skip
        assert dead_links(client, where) == []


def test_nobody_else_reads_a_draft_among_all_reports(lead, period, officer, coordinator, leader):
    draft = reporting.save_draft(lead, period, Reported(text="Nháp riêng"), seen=0, by=officer)
    for user in (coordinator, leader):
        page = signed_in(user).get(f"/work/periods/{period.pk}/all/").content.decode()
        assert "Nháp riêng" not in page and f"/work/reports/{draft.pk}/" not in page
        file = signed_in(user).get(f"/work/periods/{period.pk}/all.xlsx").content
        cells = {cell for row in load_workbook(io.BytesIO(file)).active.values for cell in row}
        assert lead.task.title in cells and "Nháp riêng" not in cells


def test_an_overseer_opens_no_periods_and_decides_nothing(told, period, overseer):
    client = signed_in(overseer)
    assert client.post(f"/work/plans/{period.plan_id}/periods/", {"kind": "month"}).status_code == 403
    assert client.post(f"/work/periods/{period.pk}/lock/").status_code == 403
    assert client.post(f"/work/reports/{told.pk}/", {"accept": "1"}).status_code == 403


def test_the_plan_leads_those_who_follow_it_to_its_periods(period, coordinator, leader, officer, client):
    publish_plan(period.plan, reason="Công khai", by=leader)
    where, link = f"/plans/{period.plan_id}/", f'href="/work/plans/{period.plan_id}/periods/"'
    for user in (coordinator, leader):
        assert link in signed_in(user).get(where).content.decode()
    assert link not in signed_in(officer).get(where).content.decode()
    assert link not in client.get(where).content.decode()
