"""What agencies are told: a draft to judge, a plan in force, a new part, a report that came back, an answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import make_user
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role
from quantri.web.core.models import Message
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.tasks import asking, news, reporting
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.bulk import PartDraft, give_to_all
from quantri.web.tasks.moving import issue_with_work
from quantri.web.tasks.reporting import Reported

TODAY = timezone.localdate()


def told(key: str) -> list[Message]:
    return list(Message.objects.filter(key__contains=key).order_by("key"))


@pytest.fixture
def addressed(officer):
    officer.email = "officer@example.org"
    officer.save()
    return officer


def test_an_agency_hears_that_its_opinion_is_asked(plan, addressed, coordinator):
    [opinion] = send_for_opinions(
        plan, [addressed.memberships.get().agency], asked_on=TODAY, answer_by=TODAY + timedelta(days=9), by=coordinator
    )
    notice, letter = sorted(told(f"opinion-asked:{opinion.pk}:"), key=lambda m: m.address)
    assert (letter.channel, letter.address, notice.channel) == ("email", "officer@example.org", "notice")
    assert {m.recipient_key for m in (letter, notice)} == {str(addressed.pk)}
    assert notice.scope == plan.audit_scope and notice.link.endswith(f"/plans/{plan.pk}/opinions/{opinion.pk}/")


def test_officers_and_leaders_hear_and_others_and_former_people_do_not(task, lead, period, officer, coordinator):
    leader = make_user(lead.agency, Role.LEADER, "head")
    make_user(lead.agency, Role.ANALYST, "analyst")
    gone = make_user(lead.agency, Role.OFFICER, "gone")
    gone.is_active = False
    gone.save()
    submitted = reporting.submit(lead, period, Reported(text="Đã làm"), seen=0, by=officer)
    reporting.give_back(submitted, reason="Thiếu minh chứng", seen=1, by=coordinator)
    found = told("report-returned:")
    assert {m.recipient_key for m in found} == {str(officer.pk), str(leader.pk)}
    assert all(
        "Thiếu minh chứng" in m.body and m.link.endswith(f"/periods/{period.pk}/parts/{lead.pk}/") for m in found
    )


def test_a_report_that_is_returned_twice_is_told_twice_and_each_once(lead, period, officer, coordinator):
    seen = 0
    for _n in range(2):
        submitted = reporting.submit(lead, period, Reported(text="Đã làm"), seen=seen, by=officer)
        returned = reporting.give_back(submitted, reason="Thiếu", seen=submitted.mark, by=coordinator)
        seen = returned.mark
    news.report_returned(returned)
    assert len(told("report-returned:")) == 2


def test_a_task_for_many_is_told_once_an_agency(task, province, coordinator):
    agencies = [ensure_agency(province, f"Xã {n}", by=coordinator) for n in range(5)]
    people = [make_user(a, Role.OFFICER, f"officer-{n}") for n, a in enumerate(agencies)]
    give_to_all(task, agencies, PartDraft(), by=coordinator)
    give_to_all(task, agencies, PartDraft(), by=coordinator)
    assert sorted(m.recipient_key for m in told("part-given:")) == sorted(str(p.pk) for p in people)


def test_a_part_of_a_plan_that_is_being_made_is_told_when_the_plan_is_issued(consulted_plan, officer, coordinator):
    [task] = add_tasks(consulted_plan, [TaskDraft(title="Niêm yết", leads=("Thanh tra tỉnh",))], by=coordinator)
    give_to_all(task, [ensure_agency(task.plan.province, "Xã A", by=coordinator)], PartDraft(), by=coordinator)
    assert told("part-given:") == []
    plan = issue_with_work(consulted_plan, number="15/KH-UBND", issued_on=TODAY, by=coordinator)
    news.plan_issued(plan)
    [notice] = told("plan-issued:")
    assert notice.recipient_key == str(officer.pk)


@pytest.mark.parametrize("answer", [asking.grant_extension, asking.refuse_extension])
def test_an_answer_about_more_time_is_told(answer, lead, officer, coordinator):
    asked = asking.ask_extension(lead, until=lead.last_day + timedelta(days=9), reason="Mưa lũ", by=officer)
    answer(asked, answer="Vì mưa lũ", by=coordinator)
    [notice] = told("extension-answered:")
    assert "Vì mưa lũ" in notice.body


def test_an_answer_about_another_agency_is_told_to_both(lead, officer, coordinator, province):
    after = ensure_agency(province, "Sở Tư pháp", by=coordinator)
    other = make_user(after, Role.OFFICER, "other")
    asked = asking.ask_handover(lead, after=after, reason="Không đúng thẩm quyền", by=officer)
    asking.accept_handover(asked, answer="Đồng ý", by=coordinator)
    assert {m.recipient_key for m in told("handover-answered:")} == {str(officer.pk)}
    assert {m.recipient_key for m in told("part-given:")} == {str(other.pk)}
