"""Each part has its own day and deliverable: in a draft, and in a plan in force with a reason that the agency reads."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.models import AuditEntry, Message
from quantri.web.deadlines import calendars
from quantri.web.deadlines.counting import SpecialDay, WorkingCalendar
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.tasks import asking
from quantri.web.tasks.actions import TaskDraft, add_tasks, change_task, draft_of
from quantri.web.tasks.bulk import PartDraft, give_to_all
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.parts import change_part
from quantri.web.tasks.terms import Terms, terms_of

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=10)


def typed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


@pytest.fixture
def drafted(plan, colleague, coordinator) -> Assignment:
    """A coordinating part in a draft."""
    draft = TaskDraft(
        title="Rà soát thủ tục", leads=("Sở Nội vụ",), coordinating=("Sở Y tế",), due_on=TODAY + timedelta(days=30)
    )
    return add_tasks(plan, [draft], by=coordinator)[0].assignments.get(part="coordinating")


def test_in_a_draft_a_part_gets_its_day_and_deliverable_without_a_reason(drafted, coordinator):
    client = signed_in(coordinator)
    page = client.get(f"/work/tasks/{drafted.task_id}/parts/").content.decode()
    assert f"/work/parts/{drafted.pk}/change/" in page
    listed = client.get(f"/plans/{drafted.task.plan_id}/tasks/").content.decode()
    assert f'/work/tasks/{drafted.task_id}/parts/">2 phần việc, thời hạn và sản phẩm</a>' in listed
    form = {"wording": "Số liệu của ngành", "due_on": typed(SOON), "deliverable": "Báo cáo"}
    assert client.post(f"/work/parts/{drafted.pk}/change/", form).status_code == 302
    drafted.refresh_from_db()
    assert (drafted.wording, drafted.due_on, drafted.deliverable) == ("Số liệu của ngành", SOON, "Báo cáo")
    assert "Báo cáo" in client.get(f"/work/tasks/{drafted.task_id}/parts/").content.decode()
    assert not Message.objects.filter(key__contains="part-changed:").exists()  # a draft may still change


def test_a_part_with_the_long_text_of_joined_parts_gets_another_day_and_keeps_its_text(drafted, coordinator):
    drafted.wording, drafted.deliverable = "Số liệu " * 124 + "của hai", "Báo cáo " * 124 + "của hai"
    drafted.save()
    client, address = signed_in(coordinator), f"/work/parts/{drafted.pk}/change/"
    form = {"wording": drafted.wording, "due_on": typed(SOON), "deliverable": drafted.deliverable}
    assert 'maxlength="1000"' in client.get(address).content.decode()
    assert client.post(address, form).status_code == 302
    kept = Assignment.objects.get(pk=drafted.pk)
    assert (kept.due_on, kept.wording, kept.deliverable) == (SOON, drafted.wording, drafted.deliverable)
    assert client.post(address, form | {"wording": "x" * 1001}).status_code == 422


@pytest.mark.parametrize("is_off", [True, False])
def test_who_sets_a_day_off_for_a_part_or_for_many_agencies_is_told(drafted, coordinator, monkeypatch, is_off):
    special = SpecialDay(date=SOON, is_off=is_off, name_vi="Nghỉ bù", name_en="", document="")
    years = frozenset({SOON.year, SOON.year + 1})
    monkeypatch.setattr(calendars, "current", lambda: WorkingCalendar(years=years, days={SOON: special}))
    client = signed_in(coordinator)
    for where, sent in (
        (f"/work/parts/{drafted.pk}/change/", {"deliverable": "Báo cáo"}),
        (f"/work/tasks/{drafted.task_id}/give/", {"agencies": [drafted.agency_id], "part": "coordinating"}),
    ):
        page = client.post(where, sent | {"due_on": typed(SOON)}, follow=True).content.decode()
        assert ("(Nghỉ bù)" in page) == is_off


def test_in_force_a_part_is_changed_with_a_reason_that_its_agency_reads(part, colleague, coordinator):
    client, address = signed_in(coordinator), f"/work/parts/{part.pk}/change/"
    assert client.post(address, {"due_on": typed(SOON)}).status_code == 422
    assert client.post(address, {"due_on": typed(SOON), "reason": "Họp sớm hơn"}).status_code == 302
    [change] = part.changes.all()
    assert (change.before["due_on"], change.after["due_on"], change.reason) == (None, SOON.isoformat(), "Họp sớm hơn")
    [notice] = Message.objects.filter(key__contains=f"part-changed:{change.pk}:", channel="notice")
    assert notice.recipient_key == str(colleague.pk) and "Họp sớm hơn" in notice.body
    entry = AuditEntry.objects.get(action="part.changed")
    assert (entry.details["after"]["due_on"], entry.details["reason"]) == (SOON.isoformat(), "Họp sớm hơn")
    own = signed_in(colleague).get(f"/work/parts/{part.pk}/").content.decode()
    assert "Họp sớm hơn" in own


@pytest.mark.parametrize("which", ["lead", "part"])
def test_no_part_is_due_after_its_task_or_on_a_day_that_has_passed(which, coordinator, request):
    part = request.getfixturevalue(which)
    for day in (part.task.due_on + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(RuleViolation):
            change_part(part, Terms(due_on=day), reason="x", by=coordinator)
    part = change_part(part, Terms(due_on=part.task.due_on), reason="x", by=coordinator)
    assert part.last_day == part.task.due_on


def test_many_agencies_are_given_no_day_after_that_of_the_task_either(task, province, coordinator):
    agencies = [ensure_agency(province, "UBND xã A", by=SYSTEM)]
    with pytest.raises(RuleViolation):
        give_to_all(task, agencies, PartDraft(due_on=task.due_on + timedelta(days=1)), by=coordinator)


def test_more_time_that_was_granted_stays_when_only_the_deliverable_changes(lead, officer, coordinator):
    until = lead.task.due_on + timedelta(days=20)
    asked = asking.ask_extension(lead, until=until, reason="Mưa lũ", by=officer)
    terms = Terms(due_on=SOON)
    with pytest.raises(RuleViolation):  # the request waits for its answer
        change_part(lead, terms, reason="x", by=coordinator)
    asking.grant_extension(asked, answer="Đồng ý", by=coordinator)
    lead.refresh_from_db()
    changed = change_part(lead, Terms(due_on=until, deliverable="Ảnh"), reason="x", by=coordinator)
    assert (changed.due_on, changed.deliverable) == (until, "Ảnh")


def test_a_part_that_is_closed_or_ended_is_not_changed(lead, part, coordinator):
    Assignment.objects.filter(pk=lead.pk).update(closed_on=TODAY)
    Assignment.objects.filter(pk=part.pk).update(valid_to=TODAY)
    for each in (lead, part):
        with pytest.raises(RuleViolation):
            change_part(each, Terms(deliverable="Ảnh"), reason="x", by=coordinator)


def test_who_began_from_an_older_part_sees_both(part, coordinator):
    client, address = signed_in(coordinator), f"/work/parts/{part.pk}/change/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())[1]
    change_part(part, Terms(deliverable="Của đồng nghiệp"), reason="x", by=coordinator, seen=seen)
    answer = client.post(address, {"deliverable": "Của tôi", "reason": "y", "seen": seen})
    assert answer.status_code == 409
    assert "<td>Của đồng nghiệp</td><td>Của tôi</td>" in answer.content.decode()
    part.refresh_from_db()
    assert part.deliverable == "Của đồng nghiệp"
    with pytest.raises(ChangedMeanwhile):
        change_part(part, Terms(deliverable="Của tôi"), reason="y", by=coordinator, seen=seen)


def test_only_the_coordinator_of_the_province_changes_parts(part, leader, officer, colleague, outsider):
    for someone in (leader, officer, colleague, outsider):
        with pytest.raises(PermissionDenied):
            change_part(part, Terms(deliverable="x"), reason="x", by=someone)
    assert part.changes.count() == 0


def test_an_earlier_day_of_the_task_takes_later_parts_along(drafted, coordinator):
    change_part(drafted, Terms(due_on=SOON, deliverable="Báo cáo"), reason="", by=coordinator)
    earlier = TODAY + timedelta(days=5)
    draft = draft_of(drafted.task)
    change_task(drafted.task, TaskDraft(**vars(draft) | {"due_on": earlier}), by=coordinator)
    drafted = Assignment.objects.select_related("task").get(pk=drafted.pk)
    assert (drafted.due_on, drafted.last_day, drafted.deliverable) == (None, earlier, "Báo cáo")
    assert drafted.changes.last().before["due_on"] == SOON.isoformat()


def test_who_comes_to_lead_keeps_its_day_and_deliverable(drafted, coordinator):
    terms = Terms(wording="Số liệu", due_on=SOON, deliverable="Báo cáo")
    change_part(drafted, terms, reason="", by=coordinator)
    draft = draft_of(drafted.task)
    change_task(
        drafted.task, TaskDraft(**vars(draft) | {"leads": ("Sở Y tế",), "coordinating": ()}), by=coordinator
    )  # fmt: skip
    assert terms_of(drafted.task.assignments.get(valid_to=None, part="lead")) == terms


def test_agencies_that_have_a_part_already_are_named_as_skipped(task, part, province, coordinator):
    client = signed_in(coordinator)
    page = client.get(f"/en/work/tasks/{task.pk}/give/").content.decode()
    assert page.count("has a part already") == 2 and f"/work/tasks/{task.pk}/parts/" in page
    new = ensure_agency(province, "UBND xã A", by=SYSTEM)
    form = {"agencies": [new.pk, part.agency_id], "part": "coordinating"}
    answer = client.post(f"/en/work/tasks/{task.pk}/give/", form, follow=True)
    assert answer.redirect_chain[-1][0] == f"/en/work/tasks/{task.pk}/parts/"
    assert "have a part in this task already and keep it: Sở Y tế" in answer.content.decode()
    assert task.assignments.filter(agency=new).count() == 1
    assert task.assignments.filter(agency=part.agency).count() == 1


def test_the_page_of_parts_asks_no_more_for_a_thousand(task, province, coordinator):
    client, address = signed_in(coordinator), f"/work/tasks/{task.pk}/parts/"
    counts = []
    for n in (3, 1000):
        made = Agency.objects.bulk_create(Agency(province=province, name_vi=f"UBND {n}.{k}") for k in range(n))
        give_to_all(task, made, PartDraft(), by=coordinator)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            page = client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20
    assert page.context["page"].paginator.count == 1005 and len(page.context["page"].object_list) == 50


def test_a_reader_of_the_part_in_an_issued_plan_sees_no_way_to_change_it(part, colleague, agency):
    assert signed_in(colleague).get(f"/work/parts/{part.pk}/change/").status_code == 403
    assert (
        signed_in(make_user(agency, Role.ANALYST, "analyst")).get(f"/work/parts/{part.pk}/change/").status_code == 403
    )
