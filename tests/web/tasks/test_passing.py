"""A part passes to an agency that is in the task already: who leads afterwards, what is owed, what stays to read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import SYSTEM, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.open_work import approve, proposals
from quantri.web.core.models import AuditEntry, Message
from quantri.web.tasks import asking, reporting
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.passing import pass_on
from quantri.web.tasks.reporting import Reported

TODAY = timezone.localdate()


def standing(task) -> dict[str, str]:
    return {a.agency.name_vi: a.part for a in task.assignments.filter(valid_to=None).select_related("agency")}


def handed_over(part, after, *, officer, coordinator) -> None:
    asked = asking.ask_handover(part, after=after, reason="Đúng chức năng", by=officer)
    asking.accept_handover(asked, answer="Đồng ý", by=coordinator)


def test_who_coordinated_and_takes_the_lead_over_leads(lead, part, officer, coordinator):
    handed_over(lead, part.agency, officer=officer, coordinator=coordinator)
    assert standing(lead.task) == {"Sở Y tế": "lead"}


def test_who_coordinated_leads_after_the_lead_has_ended_and_a_person_approved(lead, part, coordinator):
    fields = [p.piece.field for p in proposals(lead.agency) if p.piece.holder == "tasks"]
    approve(lead.agency, dict.fromkeys(fields, part.agency), by=coordinator)
    assert standing(lead.task) == {"Sở Y tế": "lead"}
    assert AuditEntry.objects.get(action="task.passed_on").details["part"] == "lead"


def test_a_lead_that_takes_a_coordinating_part_over_leads_on(lead, part, coordinator):
    assert pass_on(part, lead.agency, by=coordinator) == lead
    assert standing(lead.task) == {"Thanh tra tỉnh": "lead"}


def test_what_both_owed_is_owed_by_the_new_lead_with_its_day(lead, part, coordinator):
    day = lead.last_day - timedelta(days=9)
    Assignment.objects.filter(pk=lead.pk).update(deliverable="Báo cáo chung")
    Assignment.objects.filter(pk=part.pk).update(deliverable="Số liệu ngành y tế", due_on=day)
    lead.refresh_from_db()
    taken = pass_on(lead, part.agency, by=coordinator)
    assert taken.deliverable == f"Báo cáo chung; Số liệu ngành y tế ({day:%d/%m/%Y})"
    assert taken.last_day == lead.last_day
    told = AuditEntry.objects.get(action="part.joined").details
    assert (told["before"]["part"], told["after"]["part"]) == ("coordinating", "lead")


def test_what_is_closed_is_not_owed_again_and_the_task_keeps_its_lead(lead, part, coordinator):
    Assignment.objects.filter(pk=lead.pk).update(closed_on=TODAY, deliverable="Báo cáo chung")
    taken = pass_on(part, lead.agency, by=coordinator)
    assert standing(lead.task) == {"Thanh tra tỉnh": "lead"}
    assert (taken.deliverable, taken.closed_on) == ("", None)


def test_the_coordinating_part_and_its_reports_stay_to_read(lead, part, period, officer, colleague, coordinator):
    reporting.submit(part, period, Reported(text="Đã phối hợp xong đợt một"), seen=0, by=colleague)
    handed_over(lead, part.agency, officer=officer, coordinator=coordinator)
    taken = lead.task.assignments.get(valid_to=None)
    assert set(taken.continues.all()) == {lead, part}
    client = signed_in(colleague)
    assert f'href="/work/parts/{part.pk}/"' in client.get(f"/work/parts/{taken.pk}/").content.decode()
    assert "Đã phối hợp xong đợt một" in client.get(f"/work/parts/{part.pk}/").content.decode()
    assert f'href="/work/parts/{taken.pk}/"' in client.get(f"/work/parts/{part.pk}/").content.decode()


def test_a_refused_lead_does_not_leave_the_task_without_one(lead, part, officer, coordinator):
    asked = asking.ask_handover(lead, after=None, reason="Không đúng thẩm quyền", by=officer)
    client, where = signed_in(coordinator), f"/work/requests/handover/{asked.pk}/"
    refused = client.post(where, {"grant": "1", "text": "Đồng ý", "after": ""})
    assert refused.status_code == 409
    assert standing(lead.task) == {"Thanh tra tỉnh": "lead", "Sở Y tế": "coordinating"}
    assert client.post(where, {"grant": "1", "text": "Đồng ý", "after": part.agency_id}).status_code == 302
    assert standing(lead.task) == {"Sở Y tế": "lead"}


def test_a_refused_part_may_go_to_nobody_while_another_agency_leads(lead, part, officer, coordinator, province):
    second = ensure_agency(province, "Sở Tư pháp", by=SYSTEM)
    Assignment.objects.create(task=lead.task, agency=second, part="lead")
    asked = asking.ask_handover(lead, after=None, reason="Không đúng thẩm quyền", by=officer)
    asking.accept_handover(asked, answer="Đồng ý", by=coordinator)
    assert standing(lead.task) == {"Sở Tư pháp": "lead", "Sở Y tế": "coordinating"}


def test_a_part_that_went_meanwhile_does_not_go_a_second_time(lead, part, officer, coordinator, province):
    other = ensure_agency(province, "Sở Tư pháp", by=SYSTEM)
    asked = asking.ask_handover(lead, after=other, reason="Đúng chức năng", by=officer)
    pass_on(lead, part.agency, by=coordinator)
    with pytest.raises(RuleViolation):
        asking.accept_handover(asked, answer="Đồng ý", by=coordinator)
    assert standing(lead.task) == {"Sở Y tế": "lead"}


def test_a_part_that_went_meanwhile_gets_no_more_time(lead, part, officer, coordinator):
    asked = asking.ask_extension(lead, until=lead.last_day + timedelta(days=9), reason="Chờ kinh phí", by=officer)
    pass_on(lead, part.agency, by=coordinator)
    with pytest.raises(RuleViolation):
        asking.grant_extension(asked, answer="Đồng ý", by=coordinator)
    asking.refuse_extension(asked, answer="Phần việc đã chuyển", by=coordinator)


def test_a_part_does_not_go_to_an_agency_that_has_ended_meanwhile(lead, officer, coordinator, province):
    other = ensure_agency(province, "Sở Tư pháp", by=SYSTEM)
    asked = asking.ask_handover(lead, after=other, reason="Đúng chức năng", by=officer)
    other.valid_to = TODAY
    other.save()
    with pytest.raises(RuleViolation):
        asking.accept_handover(asked, answer="Đồng ý", by=coordinator)
    assert standing(lead.task)["Thanh tra tỉnh"] == "lead"


def test_the_taker_is_told_that_it_leads(lead, part, officer, colleague, coordinator):
    handed_over(lead, part.agency, officer=officer, coordinator=coordinator)
    [notice] = Message.objects.filter(recipient_key=str(colleague.pk), key__startswith="notice:part-given:")
    assert "chủ trì" in notice.body and "Thanh tra tỉnh" in notice.body
