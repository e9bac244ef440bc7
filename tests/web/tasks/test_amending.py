"""A revision changes and drops open tasks of the plan before: planned in the draft, applied at its issue."""

import io
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry, Message
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.plans.models import Plan
from quantri.web.plans.revising import start_revision
from quantri.web.reports.actions import freeze_draft
from quantri.web.reports.rendering.annex import render_annex
from quantri.web.tasks import asking, reporting
from quantri.web.tasks.actions import TaskDraft, add_tasks, draft_of
from quantri.web.tasks.amended import tasks_to_come
from quantri.web.tasks.amending import amend_task, drop_task, mark, take_back
from quantri.web.tasks.models import Assignment, Task
from quantri.web.tasks.moving import issue_with_work
from quantri.web.tasks.open_work import PARTS
from quantri.web.tasks.parts import change_part
from quantri.web.tasks.reporting import Reported
from quantri.web.tasks.terms import Terms

TODAY = timezone.localdate()


@pytest.fixture
def revision(task, agency, coordinator) -> Plan:
    """A revision that was sent for opinions; one task moves to it."""
    made = start_revision(task.plan, by=coordinator)
    send_for_opinions(made, [agency], asked_on=TODAY, answer_by=None, by=coordinator)
    made.refresh_from_db()
    return made


def wanted(task: Task, **changes: object) -> TaskDraft:
    return TaskDraft(**vars(draft_of(task)) | changes)


def issued(revision: Plan, coordinator) -> Plan:
    return issue_with_work(revision, number="16/KH-UBND", issued_on=TODAY, by=coordinator)


def typed(task: Task, **changes: str) -> dict[str, str]:
    draft = draft_of(task)
    return {
        "title": draft.title, "components": "; ".join(draft.components), "leads": "; ".join(draft.leads),
        "coordinating": "; ".join(draft.coordinating), "due_on": f"{draft.due_on:%d/%m/%Y}",
        "deliverable": draft.deliverable, "rhythm": draft.rhythm,
    } | changes  # fmt: skip


# ---- planned in the draft


def test_the_tasks_of_a_revision_name_what_moves_over_and_what_becomes_of_it(task, revision, coordinator):
    client, tab = signed_in(coordinator), f"/en/plans/{revision.pk}/tasks/"
    page = client.get(tab).content.decode()
    assert "Open tasks of 15/KH-UBND that move over" in page and "moves over as it is" in page
    address = f"/en/plans/{revision.pk}/tasks/moving/{task.pk}/"
    assert address in page
    form = typed(task, title="Niêm yết và giải thích thủ tục", source="Kết luận kiểm tra", reason="Theo góp ý")
    assert client.post(address, form).status_code == 302
    page = client.get(tab).content.decode()
    assert "<ins>Niêm yết và giải thích thủ tục</ins>" in page and "<ins>Kết luận kiểm tra</ins>" in page
    task.refresh_from_db()
    assert (task.title, task.source) == ("Niêm yết thủ tục hành chính", "")  # nothing is applied yet
    client.post(f"{address}undo/")
    assert "moves over as it is" in client.get(tab).content.decode()
    client.post(f"{address}drop/", {"why": "Trung ương đã làm"})
    page = client.get(tab).content.decode()
    assert "is dropped" in page and "Trung ương đã làm" in page
    assert AuditEntry.objects.filter(action="amendment.made").count() == 2


def test_what_is_saved_as_it_is_amends_nothing(task, revision, coordinator):
    assert amend_task(revision, task, draft_of(task), by=coordinator) is None
    amend_task(revision, task, wanted(task, title="Tên khác"), by=coordinator)
    amend_task(revision, task, draft_of(task), by=coordinator)
    assert not task.amendments.standing().exists() and task.amendments.count() == 1


def test_a_task_is_dropped_with_a_reason_only(task, revision, coordinator):
    address = f"/plans/{revision.pk}/tasks/moving/{task.pk}/drop/"
    assert signed_in(coordinator).post(address, {"why": " "}).status_code == 422
    with pytest.raises(RuleViolation):
        drop_task(revision, task, reason="", by=coordinator)


def test_two_coordinators_at_one_task_lose_nothing(task, revision, coordinator):
    client, address = signed_in(coordinator), f"/plans/{revision.pk}/tasks/moving/{task.pk}/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())[1]
    amend_task(revision, task, wanted(task, title="Của đồng nghiệp"), by=coordinator, seen=seen)
    answer = client.post(address, typed(task, title="Của tôi", seen=seen))
    assert answer.status_code == 409
    assert "<td>Của đồng nghiệp</td><td>Của tôi</td>" in answer.content.decode()
    with pytest.raises(ChangedMeanwhile):
        drop_task(revision, task, reason="x", by=coordinator, seen=seen)
    assert task.amendments.standing().get().after == {"title": "Của đồng nghiệp"}


def test_only_who_makes_the_revision_amends_and_only_tasks_of_the_plan_before(
    task, revision, historic_plan, coordinator, leader, officer, outsider
):
    for someone in (leader, officer, outsider):
        with pytest.raises(PermissionDenied):
            amend_task(revision, task, wanted(task, title="x"), by=someone)
    [own] = add_tasks(revision, [TaskDraft(title="Việc mới")], by=coordinator)
    for other in (own, historic_plan.tasks.first()):
        with pytest.raises(RuleViolation):
            amend_task(revision, other, TaskDraft(title="x"), by=coordinator)
        assert signed_in(coordinator).get(f"/plans/{revision.pk}/tasks/moving/{other.pk}/").status_code == 404


def test_a_part_that_is_finished_is_not_taken_away(task, lead, revision, coordinator):
    Assignment.objects.filter(pk=lead.pk).update(closed_on=TODAY)
    with pytest.raises(RuleViolation, match="Thanh tra tỉnh"):
        amend_task(revision, task, wanted(task, leads=("Sở Nội vụ",)), by=coordinator)


# ---- applied at the issue


def test_at_the_issue_a_task_is_as_the_revision_wants_it_and_its_history_keeps_before(
    task, lead, part, revision, coordinator
):
    earlier = task.due_on - timedelta(days=10)
    draft = wanted(
        task, title="Niêm yết và giải thích", due_on=earlier, deliverable="Ảnh", leads=("Sở Tư pháp",), source="KL 5",
        coordinating=("Sở Y tế", "Thanh tra tỉnh"), components=("D5", "D6"),
    )  # fmt: skip
    amend_task(revision, task, draft, reason="Theo góp ý", by=coordinator)
    issued(revision, coordinator)
    task = Task.objects.with_assignments().get(pk=task.pk)
    assert (task.plan, task.title, task.due_on, task.deliverable, task.components, task.source) == (
        revision, "Niêm yết và giải thích", earlier, "Ảnh", ["D5", "D6"], "KL 5",
    )  # fmt: skip
    assert [a.name_vi for a in task.leads] == ["Sở Tư pháp"]
    assert {a.name_vi for a in task.coordinating} == {"Sở Y tế", "Thanh tra tỉnh"}
    lead.refresh_from_db()
    assert (lead.part, lead.valid_to) == ("lead", TODAY)  # ended, not overwritten
    assert task.assignments.get(agency=part.agency) == part
    entry = AuditEntry.objects.get(action="task.amended")
    assert entry.details["before"]["title"] == "Niêm yết thủ tục hành chính"
    assert (entry.details["after"]["leads"], entry.details["plan"]) == (["Sở Tư pháp"], "16/KH-UBND")
    page = signed_in(coordinator).get(f"/work/tasks/{task.pk}/").content.decode()
    assert "16/KH-UBND" in page and "Niêm yết thủ tục hành chính" in page and "Theo góp ý" in page


def test_a_dropped_task_stays_readable_in_the_plan_before_and_is_nobodys_open_work(
    task, lead, revision, officer, coordinator
):
    before = task.plan
    drop_task(revision, task, reason="Trung ương đã làm", by=coordinator)
    issued(revision, coordinator)
    task.refresh_from_db()
    assert (task.plan, task.ended_at) == (before, None) and task.dropped_at is not None
    assert not task.moves.exists() and not Task.objects.open().filter(pk=task.pk).exists()
    assert PARTS.of_agency(lead.agency) == []
    for address in (f"/plans/{before.pk}/", f"/plans/{before.pk}/tasks/", f"/work/tasks/{task.pk}/"):
        page = signed_in(coordinator).get(address).content.decode()
        assert task.title in page and "Trung ương đã làm" in page, address
    assert "Thanh tra tỉnh" in page  # who carried it
    assert task.title not in signed_in(officer).get("/work/").content.decode()
    assert AuditEntry.objects.get(action="task.dropped").details["plan"] == "16/KH-UBND"


def test_agencies_whose_work_changes_hear_of_it_once(task, lead, revision, officer, colleague, province, coordinator):
    newcomer = make_user(ensure_agency(province, "Sở Tư pháp", by=SYSTEM), Role.OFFICER, "newcomer")
    [second] = add_tasks(revision, [TaskDraft(title="Việc mới", leads=("Thanh tra tỉnh",))], by=coordinator)
    amend_task(revision, task, wanted(task, leads=("Sở Tư pháp",)), by=coordinator)
    issued(revision, coordinator)
    told = {m.recipient_key: m.body for m in Message.objects.filter(key__contains="work-amended:", channel="notice")}
    assert set(told) == {str(u.pk) for u in (officer, colleague, newcomer)}
    assert all("16/KH-UBND" in body and "Thanh tra tỉnh → Sở Tư pháp" in body for body in told.values())
    assert not any(second.title in body for body in told.values())


def test_what_the_amendment_does_not_name_stays_as_it_became_meanwhile(
    task, lead, officer, revision, province, coordinator
):
    amend_task(revision, task, wanted(task, title="Tên mới"), by=coordinator)
    other = ensure_agency(province, "Sở Tư pháp", by=SYSTEM)
    asked = asking.ask_handover(lead, after=other, reason="Đúng chức năng", by=officer)
    asking.accept_handover(asked, answer="Đồng ý", by=coordinator)
    issued(revision, coordinator)
    task = Task.objects.with_assignments().get(pk=task.pk)
    assert (task.title, [a.name_vi for a in task.leads]) == ("Tên mới", ["Sở Tư pháp"])


def test_an_earlier_day_takes_parts_along_that_were_due_later(task, part, revision, coordinator):
    change_part(part, Terms(due_on=task.due_on, deliverable="Số liệu"), reason="x", by=coordinator)
    earlier = task.due_on - timedelta(days=5)
    amend_task(revision, task, wanted(task, due_on=earlier), by=coordinator)
    issued(revision, coordinator)
    part = Assignment.objects.select_related("task").get(pk=part.pk)
    assert (part.due_on, part.last_day, part.deliverable) == (None, earlier, "Số liệu")
    assert part.changes.last().before["due_on"] == task.due_on.isoformat()


# ---- what changed between the amendment and the issue


def extended(lead, officer, coordinator) -> None:
    asked = asking.ask_extension(lead, until=lead.last_day + timedelta(days=9), reason="Mưa lũ", by=officer)
    asking.grant_extension(asked, answer="Đồng ý", by=coordinator)


def handed_over(lead, officer, coordinator) -> None:
    other = ensure_agency(lead.agency.province, "Sở Tư pháp", by=SYSTEM)
    asked = asking.ask_handover(lead, after=other, reason="Đúng chức năng", by=officer)
    asking.accept_handover(asked, answer="Đồng ý", by=coordinator)


def changed(lead, officer, coordinator) -> None:
    change_part(lead, Terms(due_on=TODAY + timedelta(days=3)), reason="Gấp", by=coordinator)


def closed(lead, officer, coordinator) -> None:
    Assignment.objects.filter(task=lead.task).update(closed_on=TODAY)


@pytest.mark.parametrize("meanwhile", [extended, handed_over, changed, closed])
@pytest.mark.parametrize("is_dropped", [True, False])
def test_what_changed_meanwhile_is_shown_and_nothing_is_issued_in_silence(
    meanwhile, is_dropped, task, lead, revision, officer, coordinator
):
    if is_dropped:
        drop_task(revision, task, reason="x", by=coordinator)
    else:
        changes = {"due_on": task.due_on - timedelta(days=9), "leads": ("Sở Nội vụ",)}
        amend_task(revision, task, wanted(task, **changes), by=coordinator)
    meanwhile(lead, officer, coordinator)
    client = signed_in(coordinator)
    assert "Changed meanwhile" in client.get(f"/en/plans/{revision.pk}/tasks/").content.decode()
    address = f"/en/plans/{revision.pk}/tasks/moving/{task.pk}/"
    assert "This changed after the task was amended" in client.get(address).content.decode()
    answer = client.post(f"/plans/{revision.pk}/issue/", {"number": "16", "issued_on": f"{TODAY:%d/%m/%Y}"})
    revision.refresh_from_db()
    assert (answer.status_code, revision.state) == (409, "consulted")
    assert task.title[:20] in answer.content.decode()
    take_back(task.amendments.standing().get(), by=coordinator)
    assert issued(revision, coordinator).is_in_force


def test_an_amendment_that_was_looked_at_again_is_applied(task, lead, revision, officer, coordinator):
    draft = wanted(task, due_on=task.due_on - timedelta(days=9))
    amend_task(revision, task, draft, by=coordinator)
    extended(lead, officer, coordinator)
    with pytest.raises(RuleViolation):
        issued(revision, coordinator)
    task = Task.objects.get(pk=task.pk)
    amend_task(revision, task, draft, by=coordinator, seen=mark(task, task.amendments.standing().get()))
    issued(revision, coordinator)
    lead = Assignment.objects.select_related("task").get(pk=lead.pk)
    assert lead.last_day == draft.due_on and lead.changes.count() == 1


def test_an_agency_that_ended_meanwhile_is_not_brought_in(task, revision, province, coordinator):
    amend_task(revision, task, wanted(task, leads=("Sở Tư pháp",)), by=coordinator)
    ended = ensure_agency(province, "Sở Tư pháp", by=SYSTEM)
    ended.valid_to = TODAY
    ended.save()
    with pytest.raises(RuleViolation):
        issued(revision, coordinator)


def test_a_report_that_is_handed_in_meanwhile_disturbs_no_amendment(task, lead, period, revision, officer, coordinator):
    amend_task(revision, task, wanted(task, due_on=task.due_on - timedelta(days=9)), by=coordinator)
    reporting.submit(lead, period, Reported(text="Đã làm"), seen=0, by=officer)
    issued(revision, coordinator)
    assert lead.reports.get().text == "Đã làm"


# ---- documents and pages


def test_the_tasks_of_the_draft_are_written_as_amended_and_numbered_behind_its_own(task, revision, coordinator):
    [second] = add_tasks(Plan.objects.get(pk=revision.pk), [TaskDraft(title="Việc mới")], by=coordinator)
    amend_task(revision, task, wanted(task, title="Tên mới"), by=coordinator)
    [come] = tasks_to_come(revision)
    assert (come["title"], come["number"], come["leads"]) == ("Tên mới", "2", ["Thanh tra tỉnh"])
    drop_task(revision, task, reason="x", by=coordinator)
    assert tasks_to_come(revision) == []
    assert second.number == "1"


def test_who_is_asked_for_an_opinion_reads_on_the_draft_what_becomes_of_each_task(task, agency, coordinator, colleague):
    made = start_revision(task.plan, by=coordinator)
    asked = colleague.memberships.get().agency
    send_for_opinions(made, [asked], asked_on=TODAY, answer_by=None, by=coordinator)
    amend_task(made, task, wanted(task, title="Tên mới"), reason="Theo góp ý", by=coordinator)
    page = signed_in(colleague).get(f"/plans/{made.pk}/").content.decode()
    assert "<ins>Tên mới</ins>" in page and "Theo góp ý" in page and "/tasks/moving/" not in page


def test_the_document_of_the_draft_and_its_annex_hold_the_amended_tasks(task, revision, coordinator):
    [own] = add_tasks(Plan.objects.get(pk=revision.pk), [TaskDraft(title="Việc mới")], by=coordinator)
    amend_task(revision, task, wanted(task, title="Tên mới", leads=("Sở Tư pháp",)), by=coordinator)
    content = freeze_draft(revision, by=coordinator).content
    assert [(t["number"], t["title"], t["leads"]) for t in content["tasks"]] == [
        (own.number, "Việc mới", []), ("2", "Tên mới", ["Sở Tư pháp"]),
    ]  # fmt: skip
    book = load_workbook(io.BytesIO(render_annex(content)))
    assert "Tên mới" in {cell.value for row in book["Nhiệm vụ"] for cell in row}
    [row] = [row for row in book["Nhiệm vụ điều chỉnh"].iter_rows(values_only=True) if row[0] == task.title]
    assert "Thanh tra tỉnh → Sở Tư pháp" in row[1]
    drop_task(revision, task, reason="Trung ương đã làm", by=coordinator)
    content = freeze_draft(revision, by=coordinator).content
    assert [t["title"] for t in content["tasks"]] == ["Việc mới"]
    assert content["amended"] == [
        {"title": task.title, "reason": "Trung ương đã làm", "change": "không tiếp tục thực hiện"}
    ]


def test_lists_of_a_revision_ask_no_more_for_thirty_amended_tasks_than_for_three(consulted_plan, agency, coordinator):
    client, counts = signed_in(coordinator), []
    plan = consulted_plan
    tasks = add_tasks(plan, [TaskDraft(title=f"Việc {n}", leads=(f"Sở {n}",)) for n in range(60)], by=coordinator)
    issue_with_work(plan, number="15/KH-UBND", issued_on=TODAY, by=coordinator)
    made = start_revision(plan, by=coordinator)
    add_tasks(made, [TaskDraft(title="Việc mới", leads=("Sở 1",))], by=coordinator)
    send_for_opinions(made, [agency], asked_on=TODAY, answer_by=None, by=coordinator)
    for some in (tasks[:3], tasks[3:30]):
        for task in some:
            amend_task(made, task, TaskDraft(title=task.title, leads=(f"Ban {task.number}",)), by=coordinator)
        for address in (f"/plans/{made.pk}/tasks/", f"/plans/{made.pk}/"):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                page = client.get(address)
            counts.append(len(seen))
        assert len(page.context["moving"].rows) == 50
    assert counts[:2] == counts[2:] and max(counts) <= 20
    last = client.get(f"/plans/{made.pk}/tasks/?moving=2").context["moving"]
    assert (last.number, len(last.rows), last.has_next) == (2, 10, False)
