"""Pages of the work link what their reader may open, and whoever may read something finds it."""

import re
from datetime import timedelta

import pytest

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
